package dev.atmirror.store;

import dev.atmirror.plc.Rejection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What verifying stored operations found wrong. Not thread-safe. */
final class Findings {
    /** A row that does not say what its operation says, as it should be. @param whole JSON of an odd operation */
    record Corrected(long id, long prev, int signer, boolean nullified, LeanOperation lean, Optional<String> whole) {}

    /** An operation that does not belong into the log. @param did as claimed @param cid as claimed @param operation JSON */
    record Quarantined(long id, String did, String cid, Instant createdAt, Rejection reason, String operation) {}

    private final List<Corrected> corrected = new ArrayList<>(0);
    private final List<Quarantined> quarantined = new ArrayList<>(0);
    private final List<Long> doubled = new ArrayList<>(0);
    private final Map<Integer, Long> heads = new LinkedHashMap<>(0);
    private final List<Integer> emptied = new ArrayList<>(0);

    void correct(Corrected row) {
        corrected.add(row);
    }

    void quarantine(Quarantined operation) {
        quarantined.add(operation);
    }

    /** A row of an operation that another row holds already. */
    void drop(long id) {
        doubled.add(id);
    }

    void head(int account, long id) {
        heads.put(account, id);
    }

    /** An account of which no operation is left. */
    void empty(int account) {
        emptied.add(account);
    }

    void add(Findings other) {
        corrected.addAll(other.corrected);
        quarantined.addAll(other.quarantined);
        doubled.addAll(other.doubled);
        heads.putAll(other.heads);
        emptied.addAll(other.emptied);
    }

    List<Corrected> corrected() {
        return corrected;
    }

    List<Quarantined> quarantined() {
        return quarantined;
    }

    List<Long> doubled() {
        return doubled;
    }

    Map<Integer, Long> heads() {
        return heads;
    }

    List<Integer> emptied() {
        return emptied;
    }

    int size() {
        return corrected.size() + quarantined.size() + doubled.size() + heads.size() + emptied.size();
    }
}
