/** A PLC directory of our own on localhost, with live traffic and faults on demand, to try and test mirrors against. */
package dev.atmirror.sandbox;
