package dev.atmirror.net;

import java.time.Duration;

/**
 * How many connections are kept.
 *
 * @param total at once to all hosts; a request beyond waits, for half of its total time at most
 * @param perHost at once to one host
 * @param idle how long an unused connection stays open
 */
public record PoolLimits(int total, int perHost, Duration idle) {}
