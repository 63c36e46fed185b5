/** What hosts of accounts (PDS) answer, read and judged: no requests, no storage (lexicons {@code com.atproto.*}). */
package dev.atmirror.pds;
