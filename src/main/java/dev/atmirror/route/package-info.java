/** Glue between the declared routes under {@code routes/} and the domain: the objects that steps name. */
package dev.atmirror.route;
