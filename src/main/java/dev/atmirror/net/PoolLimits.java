package dev.atmirror.net;

import java.time.Duration;

/**
 * How many connections are kept.
 *
 * @param total at once to all hosts; a request beyond waits within its total time
 * @param perHost at once to one host
 * @param idle how long an unused connection stays open
 */
public record PoolLimits(int total, int perHost, Duration idle) {}
