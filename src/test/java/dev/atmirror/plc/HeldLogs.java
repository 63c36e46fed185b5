package dev.atmirror.plc;

import dev.atmirror.identity.PlcOperation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A storage in memory, which holds the pages added to it; without one it is empty, and the verifier's memory does the rest. */
public final class HeldLogs implements LogStore {
    private record Held(int account, List<DidLog.Entry> entries, Set<Long> nullified) {}

    private final Map<String, Held> logs = new HashMap<>();
    private final Map<List<String>, List<String>> keyLists = new HashMap<>();
    private Numbers numbers = new Numbers(0, 0);

    public void add(VerifiedPage page) {
        for (VerifiedPage.Accepted operation : page.accepted()) {
            Held log = logs.computeIfAbsent(
                    operation.did(),
                    did -> new Held(operation.account(), new ArrayList<>(1), new HashSet<>(0)));
            List<String> keys = keyLists.computeIfAbsent(operation.operation().rotationKeys(), list -> list);
            boolean tombstone = operation.operation().kind() == PlcOperation.Kind.TOMBSTONE;
            log.entries.add(new DidLog.Entry(
                    operation.id(), operation.cid(), operation.createdAt(), tombstone, keys, operation.signer()));
            log.nullified.addAll(operation.nullifies());
            numbers = new Numbers(operation.id(), Math.max(numbers.account(), operation.account()));
        }
    }

    @Override
    public Optional<Position> position(String upstreamHost) {
        return Optional.empty();
    }

    @Override
    public Numbers numbers() {
        return numbers;
    }

    @Override
    public Map<String, DidLog> logs(Collection<String> dids) {
        Map<String, DidLog> found = new HashMap<>();
        for (String did : dids) {
            Held held = logs.get(did);
            if (held != null) {
                DidLog log = new DidLog(held.account);
                held.entries.forEach(entry -> log.add(entry, held.nullified.contains(entry.id())));
                found.put(did, log);
            }
        }
        return found;
    }
}
