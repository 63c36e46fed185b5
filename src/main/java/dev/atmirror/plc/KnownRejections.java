package dev.atmirror.plc;

import dev.atmirror.identity.Cid;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The rejections reported last. An upstream that is read by time sends the same operations again on every run, and one
 * bad operation must not look like a new one every few seconds.
 */
final class KnownRejections {
    private static final int CAPACITY = 10_000;

    private final Map<String, Rejection> reasons = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Rejection> eldest) {
            return size() > CAPACITY;
        }
    };

    /** @return whether this is news: another operation, or another reason than last time */
    boolean add(ExportedOperation operation, Rejection reason) {
        // Hashed, since strangers choose the length of what they claim.
        byte[] claim = (operation.did() + ' ' + operation.cid()).getBytes(StandardCharsets.UTF_8);
        return reasons.put(Base64.getEncoder().encodeToString(Cid.sha256(claim)), reason) != reason;
    }

    void clear() {
        reasons.clear();
    }
}
