/** The operation log: reading its pages and stream, and verifying every operation (did:plc specification 0.3). */
package dev.atmirror.plc;
