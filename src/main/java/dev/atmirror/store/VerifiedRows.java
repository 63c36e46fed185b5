package dev.atmirror.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** Writes down what verifying found, and counts it. */
final class VerifiedRows {
    private final TableLoad load;
    private final String host;
    private final Interned keySets = new Interned("plc_key_set", "keys");
    private final Interned endpoints = new Interned("plc_pds", "endpoint");
    private final Map<String, Long> reasons = new TreeMap<>();
    private long doubled;
    private long corrected;
    private long heads;
    private long emptied;
    private Optional<LogVerification.Failed> first = Optional.empty();

    VerifiedRows(TableLoad load, String host) {
        this.load = load;
        this.host = host;
    }

    LogVerification.Outcome outcome(long operations) {
        return new LogVerification.Outcome(operations, Map.copyOf(reasons), doubled, corrected, heads, emptied, first);
    }

    void write(Findings findings) {
        quarantine(findings.quarantined());
        List<Long> gone = new ArrayList<>(findings.doubled());
        findings.quarantined().forEach(operation -> gone.add(operation.id()));
        if (!gone.isEmpty()) {
            load.update("restore/remove-operations.sql", (Object) longs(gone, id -> id));
        }
        if (!findings.corrected().isEmpty()) {
            correct(findings.corrected());
        }
        if (!findings.heads().isEmpty()) {
            load.update(
                    "restore/correct-heads.sql",
                    findings.heads().keySet().stream().mapToInt(Integer::intValue).toArray(),
                    findings.heads().values().stream().mapToLong(Long::longValue).toArray());
        }
        if (!findings.emptied().isEmpty()) {
            load.update(
                    "restore/remove-accounts.sql",
                    (Object) findings.emptied().stream().mapToInt(Integer::intValue).toArray());
        }
        doubled += findings.doubled().size();
        corrected += findings.corrected().size();
        heads += findings.heads().size();
        emptied += findings.emptied().size();
    }

    private void quarantine(List<Findings.Quarantined> all) {
        if (all.isEmpty()) {
            return;
        }
        load.update(
                "restore/quarantine.sql",
                host,
                texts(all, operation -> PageRows.storable(operation.did())),
                texts(all, operation -> PageRows.storable(operation.cid())),
                longs(all, Findings.Quarantined::id),
                longs(all, operation -> PageRows.micros(operation.createdAt())),
                texts(all, operation -> operation.reason().name()),
                texts(all, Findings.Quarantined::operation));
        for (Findings.Quarantined operation : all) {
            reasons.merge(operation.reason().name(), 1L, Long::sum);
            LogVerification.Failed here = new LogVerification.Failed(operation.id(), operation.createdAt());
            first = Optional.of(first.map(here::and).orElse(here));
        }
    }

    private void correct(List<Findings.Corrected> all) {
        Map<String, Integer> keys = numbers(keySets, "restore/add-key-sets.sql", all, row -> row.lean().keys());
        Map<String, Integer> pdses = numbers(endpoints, "restore/add-endpoints.sql", all, row -> row.lean().pds());
        int n = all.size();
        int[] keySetRefs = new int[n];
        int[] pdsRefs = new int[n];
        short[] signers = new short[n];
        boolean[] odds = new boolean[n];
        boolean[] nullifieds = new boolean[n];
        byte[][] sigs = new byte[n][];
        for (int i = 0; i < n; i++) {
            Findings.Corrected row = all.get(i);
            keySetRefs[i] = keys.get(row.lean().keys());
            pdsRefs[i] = pdses.get(row.lean().pds());
            signers[i] = (short) row.signer();
            odds[i] = row.whole().isPresent();
            nullifieds[i] = row.nullified();
            sigs[i] = row.lean().sig();
        }
        long[] ids = longs(all, Findings.Corrected::id);
        load.update(
                "restore/correct-operations.sql",
                ids,
                longs(all, Findings.Corrected::prev),
                keySetRefs,
                pdsRefs,
                signers,
                texts(all, row -> String.valueOf(row.lean().kind())),
                odds,
                nullifieds,
                sigs,
                texts(all, row -> row.lean().signingKey()),
                texts(all, row -> row.lean().handle()));
        load.update("restore/correct-odd.sql", ids, texts(all, row -> row.whole().orElse(null)));
    }

    private Map<String, Integer> numbers(
            Interned interned, String add, List<Findings.Corrected> rows, Function<Findings.Corrected, String> text) {
        List<String> texts = rows.stream().map(text).distinct().toList();
        Interned.Resolved resolved = load.work("looking up texts", with -> interned.resolve(with, texts));
        if (!resolved.added().isEmpty()) {
            load.update(add, resolved.addedIds(), resolved.addedTexts());
        }
        return resolved.numbers();
    }

    private static <T> long[] longs(List<T> all, ToLongFunction<T> of) {
        return all.stream().mapToLong(of).toArray();
    }

    private static <T> String[] texts(List<T> all, Function<T, String> of) {
        return all.stream().map(of).toArray(String[]::new);
    }
}
