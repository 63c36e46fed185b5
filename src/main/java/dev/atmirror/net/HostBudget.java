package dev.atmirror.net;

import java.time.Duration;
import java.util.Map;

/** How fast each host, or operator of hosts, may be asked. Its key is {@link PdsUrl#operator}. */
public interface HostBudget {
    /**
     * Reserves one request and waits not.
     *
     * @return how long the caller waits before it sends the request, zero or more. A pause that begins meanwhile does
     *     not reach it: whoever waited long asks {@link #pausedFor} before sending
     */
    Duration take(String key);

    /**
     * Learns the pace from an answer.
     *
     * @param status of HTTP
     * @param headers by lower-case name; those on limits may be missing or senseless
     */
    void answered(String key, int status, Map<String, String> headers);

    boolean isPaused(String key);

    /** @return zero when it is not paused */
    Duration pausedFor(String key);
}
