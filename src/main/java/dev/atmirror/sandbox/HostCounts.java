package dev.atmirror.sandbox;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;

/** What a host was asked, and whether its clients kept to its limit. Safe for many threads. */
final class HostCounts {
    private static final int MOST_METHODS = 50; // strangers choose the names

    private final Map<String, Long> methods = new TreeMap<>();
    private long requests;
    private long refused;
    private long ignoredWarnings;
    private long aboveRate;
    private int open;
    private int mostOpen;

    synchronized void begin(String method) {
        requests++;
        open++;
        mostOpen = Math.max(mostOpen, open);
        String known = methods.containsKey(method) || methods.size() < MOST_METHODS ? method : "other";
        methods.merge(known, 1L, Long::sum);
    }

    synchronized void end() {
        open--;
    }

    /** A request answered 429. */
    synchronized void refuse() {
        refused++;
    }

    /** It came although an earlier answer had said that nothing was left, or when to come back. */
    synchronized void ignoredWarning() {
        ignoredWarnings++;
    }

    /** It was one too many in its window, and an earlier answer had said how many there may be. */
    synchronized void aboveRate() {
        aboveRate++;
    }

    synchronized void reset() {
        methods.clear();
        requests = 0;
        refused = 0;
        ignoredWarnings = 0;
        aboveRate = 0;
        mostOpen = open;
    }

    synchronized JsonObject json() {
        JsonObject byMethod = new JsonObject();
        methods.forEach(byMethod::put);
        return new JsonObject()
                .put("requests", requests)
                .put("refused", refused)
                .put("violations", ignoredWarnings + aboveRate)
                .put("ignoredWarnings", ignoredWarnings)
                .put("aboveRate", aboveRate)
                .put("maxConcurrent", mostOpen)
                .put("methods", byMethod);
    }
}
