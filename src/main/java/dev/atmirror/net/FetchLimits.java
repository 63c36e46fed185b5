package dev.atmirror.net;

import java.time.Duration;

/**
 * What one request to a stranger may cost.
 *
 * @param connect for the connection, and again for its TLS handshake
 * @param silence between two bytes of the answer, and before the first
 * @param total from the wait for a connection to the last byte of the body, redirects included
 * @param body bytes after decompression
 */
public record FetchLimits(Duration connect, Duration silence, Duration total, long body) {}
