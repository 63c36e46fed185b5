package dev.atmirror.plc;

import dev.atmirror.plc.VerifiedPage.Accepted;
import dev.atmirror.plc.VerifiedPage.Rejected;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.function.LongUnaryOperator;

/**
 * Verifies pages in the order of the log (did:plc specification, "Operation Signing, Encoding, and Validation").
 *
 * <p>Invariants: pages are handed in one at a time and in order; operations of one DID are judged in order, different
 * DIDs in parallel; what is judged here and not yet stored is remembered in {@link RecentLogs}, so that storing may lag
 * behind. After a failure to store, {@link #forget} must be called before the next page: the memory then holds
 * operations that the storage lacks. A bad operation stalls nothing: it is rejected with its reason, and what builds on
 * it finds no {@code prev}.
 */
public final class OperationVerifier {
    /** JSON numbers are exact up to here; an upstream's seq beyond it is not taken over as our own. */
    public static final long MAX_SEQ = 1L << 52;

    private final LogStore store;
    private final ForkJoinPool pool;
    private final RecentLogs recent = new RecentLogs();
    private final KnownRejections rejections = new KnownRejections();
    private final OperationJudge judge;
    private Optional<LogStore.Numbers> numbers = Optional.empty();
    private int epoch;

    /** @param trusting takes signatures for good unchecked; hashes, order and nullification count all the same */
    public OperationVerifier(LogStore store, int threads, boolean trusting) {
        this.store = store;
        this.judge = new OperationJudge(trusting, recent::intern);
        this.pool = new ForkJoinPool(threads);
    }

    /** Drops what is remembered, to begin again from what is stored; from now on only pages of this epoch count. */
    public synchronized void forget(int newEpoch) {
        epoch = newEpoch;
        recent.clear();
        rejections.clear();
        numbers = Optional.empty();
    }

    /** Judges every operation of the page. Blocks for as long as that takes: about 20 ms for 1,000 on two cores. */
    public synchronized VerifiedPage verify(PlcPage page) {
        if (page.epoch() != epoch) {
            return new VerifiedPage(page, List.of(), List.of(), 0); // It will not be stored, so nothing may be remembered.
        }
        // Numbers before logs: a page that is being stored meanwhile may then be missing from both, which the primary
        // keys refuse, or from the numbers alone; missing from the logs alone it would be stored twice.
        LogStore.Numbers used = numbers.orElseGet(store::numbers);
        List<Judged> all = new ArrayList<>(page.operations().size());
        Map<String, List<Judged>> byDid = new LinkedHashMap<>();
        for (ExportedOperation operation : page.operations()) {
            Judged judged = new Judged(operation, -1 - all.size());
            all.add(judged);
            byDid.computeIfAbsent(operation.did(), did -> new ArrayList<>(1)).add(judged);
        }
        Map<String, DidLog> logs = recent.of(byDid.keySet(), store);
        judgeInParallel(byDid, logs);
        VerifiedPage verified = collect(page, all, logs, used);
        logs.values().removeIf(DidLog::isEmpty); // a rejected genesis leaves nothing to remember
        recent.putAll(logs);
        return verified;
    }

    private VerifiedPage collect(PlcPage page, List<Judged> all, Map<String, DidLog> logs, LogStore.Numbers used) {
        long[] ids = number(all, used.operation());
        LongUnaryOperator numbering = id -> id < 0 ? ids[(int) (-1 - id)] : id;
        logs.values().forEach(log -> log.renumber(numbering));
        long last = used.operation();
        int account = used.account();
        List<Accepted> accepted = new ArrayList<>(all.size());
        List<Rejected> rejected = new ArrayList<>(0);
        int duplicates = 0;
        for (Judged judged : all) {
            if (judged.verdict.isAccepted()) {
                DidLog log = logs.get(judged.exported.did());
                boolean isNew = log.account() == 0;
                if (isNew) {
                    log.account(++account);
                }
                accepted.add(judged.accepted(numbering, log.account(), isNew));
                last = numbering.applyAsLong(judged.id);
            } else if (judged.verdict.rejection().filter(why -> rejections.add(judged.exported, why)).isPresent()) {
                rejected.add(new Rejected(judged.exported, judged.verdict.rejection().get()));
            } else {
                duplicates++;
            }
        }
        numbers = Optional.of(new LogStore.Numbers(last, account));
        return new VerifiedPage(page, accepted, rejected, duplicates);
    }

    /** Numbers for what is accepted only, so that reading a log again does not run ahead of the upstream's numbers. */
    private static long[] number(List<Judged> all, long last) {
        long[] ids = new long[all.size()];
        long id = last;
        for (int i = 0; i < ids.length; i++) {
            Judged judged = all.get(i);
            if (judged.verdict.isAccepted()) {
                // The upstream's number is ours too where it can be, so that clients may change between the two.
                long seq = judged.exported.seq();
                id = seq > id && seq < MAX_SEQ ? seq : id + 1;
                ids[i] = id;
            }
        }
        return ids;
    }

    private void judgeInParallel(Map<String, List<Judged>> byDid, Map<String, DidLog> logs) {
        try {
            pool.submit(() -> byDid.entrySet().parallelStream().forEach(entry -> {
                        DidLog log = logs.get(entry.getKey());
                        entry.getValue().forEach(judged -> judged.verdict = judge.judge(judged.exported, judged.id, log));
                    }))
                    .get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while verifying", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("verifying failed", e.getCause());
        }
    }

    /** One operation on its way through; written by one thread at a time. */
    private static final class Judged {
        final ExportedOperation exported;
        final long id; // provisional, and so are those in the verdict that name operations of the same page
        OperationJudge.Verdict verdict;

        Judged(ExportedOperation exported, long id) {
            this.exported = exported;
            this.id = id;
        }

        Accepted accepted(LongUnaryOperator numbering, int account, boolean isNew) {
            List<Long> nullifies = verdict.nullifies();
            return new Accepted(
                    numbering.applyAsLong(id),
                    account,
                    isNew,
                    exported.did(),
                    verdict.cid(),
                    exported.createdAt(),
                    numbering.applyAsLong(verdict.prev()),
                    verdict.signer(),
                    nullifies.isEmpty() ? nullifies : nullifies.stream().map(numbering::applyAsLong).toList(),
                    verdict.operation().orElseThrow());
        }
    }
}
