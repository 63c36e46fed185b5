/** Files from which another mirror starts: written by the real pg_dump, each with a manifest that says what it holds. */
package dev.atmirror.snapshot;
