/** What the HTTP API answers. The paths are declared in {@code routes/api-*.camel.yaml}. */
package dev.atmirror.api;
