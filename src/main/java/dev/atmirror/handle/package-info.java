/** Whose a handle is: what DNS and the handle's own host say, and what follows from it. */
package dev.atmirror.handle;
