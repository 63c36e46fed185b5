/** The command line: one thin class a command. */
package dev.atmirror.cli;
