package dev.atmirror.sandbox;

import dev.atmirror.identity.PlcOperation;
import dev.atmirror.plc.DidLog;
import dev.atmirror.plc.LogStore;
import dev.atmirror.plc.Position;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The log in memory. Invariants: sequence numbers grow strictly, with gaps, in the order of committing; nothing is ever
 * taken out; deliberately invalid operations stand in pages and in the stream and nowhere else; the hosts' first accounts
 * (see {@link BulkAccounts}) come before all others, in number and in time. Safe for many threads.
 */
final class SandboxLog implements LogStore {
    /**
     * About 1.5 kB each: with this many the log takes some 300 MB of memory, and no more are accepted. The hosts' first
     * accounts do not count.
     */
    static final int LIMIT = 200_000;

    private static final int GAP_PERCENT = 5;
    private static final int WIDEST_GAP = 40;

    /** Where an operation stands in pages by time: the reference breaks ties by CID. */
    private record TimeKey(Instant createdAt, String cid) implements Comparable<TimeKey> {
        private static final String AFTER_ANY_CID = "~";

        @Override
        public int compareTo(TimeKey other) {
            int byTime = createdAt.compareTo(other.createdAt);
            return byTime != 0 ? byTime : cid.compareTo(other.cid);
        }
    }

    private final Random gaps;
    private final BulkAccounts bulk;
    private final List<SandboxOperation> bySeq = new ArrayList<>();
    private final TreeMap<TimeKey, SandboxOperation> byTime = new TreeMap<>();
    private final Map<String, List<SandboxOperation>> byDid = new HashMap<>();
    private long seq;

    SandboxLog(long seed) {
        this(seed, BulkAccounts.NONE);
    }

    SandboxLog(long seed, BulkAccounts bulk) {
        this.gaps = new Random(seed);
        this.bulk = bulk;
        this.seq = bulk.size();
    }

    /** @throws IllegalStateException when the log is full */
    synchronized SandboxOperation append(Draft draft) {
        if (isFull()) {
            throw new IllegalStateException("the sandbox's log is full at " + LIMIT + " operations");
        }
        seq += gaps.nextInt(100) < GAP_PERCENT ? 2 + gaps.nextInt(WIDEST_GAP) : 1;
        SandboxOperation operation = new SandboxOperation(seq, draft);
        bySeq.add(operation);
        byTime.put(new TimeKey(operation.createdAt(), operation.cid()), operation);
        if (operation.valid()) {
            List<SandboxOperation> log = byDid.computeIfAbsent(draft.did(), did -> new ArrayList<>(1));
            log.stream()
                    .filter(earlier -> draft.nullifies().contains(earlier.cid()))
                    .forEach(SandboxOperation::nullify);
            log.add(operation);
        }
        return operation;
    }

    synchronized boolean isFull() {
        return bySeq.size() >= LIMIT;
    }

    synchronized int size() {
        return bulk.size() + bySeq.size();
    }

    /** The greatest sequence number; 0 in an empty log. */
    synchronized long head() {
        return seq;
    }

    /** The latest time of creation, which need not be that of the last operation. */
    synchronized Optional<Instant> newest() {
        if (byTime.isEmpty()) {
            return bulk.size() == 0 ? Optional.empty() : Optional.of(bulk.createdAt(bulk.size() - 1));
        }
        return Optional.of(byTime.lastKey().createdAt());
    }

    synchronized List<SandboxOperation> all() {
        return after(0, size());
    }

    /** In the order of sequence numbers, at most {@code count}. */
    synchronized List<SandboxOperation> after(long cursor, int count) {
        List<SandboxOperation> next = new ArrayList<>();
        for (long account = Math.max(0, cursor); account < bulk.size() && next.size() < count; account++) {
            next.add(bulk.operation((int) account));
        }
        int from = indexAfter(cursor);
        next.addAll(bySeq.subList(from, Math.min(bySeq.size(), from + count - next.size())));
        return next;
    }

    private int indexAfter(long cursor) {
        int low = 0;
        int high = bySeq.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (bySeq.get(middle).seq() > cursor) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** How many operations stand behind the cursor. */
    synchronized int countAfter(long cursor) {
        return bySeq.size() - indexAfter(cursor) + (int) Math.max(0, bulk.size() - Math.max(0, cursor));
    }

    /** In the order of times and CIDs, at most {@code count}, later than {@code time} if there is one. */
    synchronized List<SandboxOperation> after(Optional<Instant> time, int count) {
        Collection<SandboxOperation> later = time.isEmpty()
                ? byTime.values()
                : byTime.tailMap(new TimeKey(time.get(), TimeKey.AFTER_ANY_CID), false).values();
        return Stream.concat(
                        IntStream.range(time.map(bulk::bornUntil).orElse(0), bulk.size())
                                .mapToObj(bulk::operation),
                        later.stream())
                .limit(count)
                .toList();
    }

    /** The valid operations of a DID, nullified ones included; none for an unknown DID. */
    synchronized List<SandboxOperation> ofDid(String did) {
        List<SandboxOperation> operations = byDid.getOrDefault(did, List.of());
        OptionalInt account = bulk.find(did);
        if (account.isEmpty()) {
            return List.copyOf(operations);
        }
        List<SandboxOperation> whole = new ArrayList<>(List.of(bulk.operation(account.getAsInt())));
        whole.addAll(operations);
        return whole;
    }

    @Override
    public Optional<Position> position(String upstreamHost) {
        return Optional.empty(); // The sandbox reads from nobody.
    }

    @Override
    public Numbers numbers() {
        return new Numbers(head(), 1);
    }

    @Override
    public Map<String, DidLog> logs(Collection<String> dids) {
        Map<String, DidLog> logs = new HashMap<>();
        for (String did : dids) {
            List<SandboxOperation> operations = ofDid(did);
            if (!operations.isEmpty()) {
                DidLog log = new DidLog(1); // No account has a number here; any but 0 means that it exists.
                operations.forEach(operation -> log.add(entry(operation), operation.nullified()));
                logs.put(did, log);
            }
        }
        return Collections.unmodifiableMap(logs);
    }

    private static DidLog.Entry entry(SandboxOperation logged) {
        PlcOperation operation = logged.operation();
        return new DidLog.Entry(
                logged.seq(),
                logged.cid(),
                logged.createdAt(),
                operation.kind() == PlcOperation.Kind.TOMBSTONE,
                operation.rotationKeys(),
                logged.signer());
    }
}
