/** Puts the parts together; the only place that knows all of them, the clock of the system and the environment. */
package dev.atmirror.app;
