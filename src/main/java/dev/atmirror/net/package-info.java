/** The wire: the only user of {@code java.net.http}. Bounds on size and time are set here. */
package dev.atmirror.net;
