package dev.atmirror.plc;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The logs of the DIDs seen last: spares a query for most, and holds what is verified but not stored yet. For the latter
 * the capacity must exceed the operations in flight between verifying and storing (a few pages of 1,000).
 */
final class RecentLogs {
    static final int CAPACITY = 60_000;
    private static final int KEY_LISTS = 20_000;

    private final LinkedHashMap<String, DidLog> logs = new LinkedHashMap<>(CAPACITY, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, DidLog> eldest) {
            return size() > CAPACITY;
        }
    };
    // Nearly all accounts share the key lists of a few hosts: one copy of each is enough.
    private final Cache<List<String>, List<String>> keyLists =
            Caffeine.newBuilder().maximumSize(KEY_LISTS).build();

    /** The logs of all the DIDs, from memory or storage; an empty log for an unknown DID. */
    Map<String, DidLog> of(Collection<String> dids, LogStore store) {
        Map<String, DidLog> found = new HashMap<>(dids.size() * 2);
        List<String> missing = new ArrayList<>();
        for (String did : dids) {
            DidLog log = logs.get(did);
            if (log == null) {
                missing.add(did);
            } else {
                found.put(did, log);
            }
        }
        if (!missing.isEmpty()) {
            found.putAll(store.logs(missing));
            missing.forEach(did -> found.computeIfAbsent(did, unknown -> new DidLog(0)));
        }
        return found;
    }

    void putAll(Map<String, DidLog> used) {
        logs.putAll(used);
    }

    List<String> intern(List<String> keys) {
        return keyLists.get(keys, k -> k);
    }

    void clear() {
        logs.clear();
    }
}
