package dev.atmirror.store;

import dev.atmirror.plc.OperationJudge;
import dev.atmirror.plc.OperationVerifier;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Verifies a log that was loaded from a dump: every operation, and every column that says something of it. One thread reads
 * whole accounts in the order of their numbers, the others judge them. What fails is moved to {@code rejected_operations},
 * and so is what builds on it; what is merely said wrongly is corrected.
 */
public final class LogVerification {
    private static final int ACCOUNTS = 20_000; // read at once: enough that what lies scattered is read in the order of the disk
    private static final int FETCH = 4_000; // rows in memory before they are handed on
    private static final int BATCH = 400; // operations that a thread takes at once: some 15 ms
    private static final int BATCHES_AHEAD = 8; // for each thread, so that none waits while a range is looked up
    private static final int FINDINGS = 5_000; // kept until they are written
    /** The directory allows 100 a week; memory for all operations of one account must be there. */
    private static final int MOST_OF_AN_ACCOUNT = 100_000;
    /** A number of four bytes must be left for accounts, key sets and endpoints to come. */
    private static final long LAST_NUMBER = 2_000_000_000;
    private static final int FIRST_YEAR = 1970;
    private static final int LAST_YEAR = 9999; // what lies beyond is no time that a page can show

    /**
     * @param operations looked at
     * @param quarantined by reason
     * @param doubled rows of operations that other rows hold
     * @param corrected rows that said something else than their operation
     * @param heads of accounts that named another operation than the one in force
     * @param emptied accounts of which nothing was left
     * @param first least id and least time of what was quarantined; empty where nothing was
     */
    public record Outcome(
            long operations,
            Map<String, Long> quarantined,
            long doubled,
            long corrected,
            long heads,
            long emptied,
            Optional<Failed> first) {
        public long allQuarantined() {
            return quarantined.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** Where in the log operations failed verification, at the earliest. */
    public record Failed(long id, Instant createdAt) {
        Failed and(Failed other) {
            return new Failed(Math.min(id, other.id), createdAt.isBefore(other.createdAt) ? createdAt : other.createdAt);
        }
    }

    private final TableLoad load;
    private final VerifiedRows results;
    private final AccountReplay replay = new AccountReplay(new OperationJudge(false, keys -> keys));
    private final ExecutorService pool;
    private final int batchesAhead;
    private final Deque<Future<Findings>> judging = new ArrayDeque<>();
    private Findings findings = new Findings();
    private Batch batch = new Batch();
    private volatile long operations;

    /** Accounts with their rows, on the way to a thread. */
    private static final class Batch {
        final Map<AccountReplay.Account, List<AccountReplay.Row>> accounts = new LinkedHashMap<>();
        final Set<Long> elsewhere = new HashSet<>();
        int operations;
    }

    /** @param host whose the log is said to be, for what is quarantined */
    public LogVerification(TableLoad load, String host, int threads) {
        this.load = load;
        this.results = new VerifiedRows(load, host);
        this.pool = Executors.newFixedThreadPool(threads, work -> {
            Thread thread = new Thread(work, "verify-restored");
            thread.setDaemon(true);
            return thread;
        });
        this.batchesAhead = threads * BATCHES_AHEAD;
    }

    /** Operations read so far; from any thread. */
    public long operations() {
        return operations;
    }

    /** What every log must keep to be loaded at all, trusted or not. @return first and last number of an account */
    public static long[] checkNumbers(TableLoad load) {
        long[] bounds = load.work("looking at numbers", with -> {
            try (Statement select = with.createStatement();
                    ResultSet rows = select.executeQuery(Sql.file("restore/bounds.sql"))) {
                rows.next();
                return new long[] {
                    rows.getLong("first"), rows.getLong("last"), rows.getLong("operation"), rows.getLong("first_account"),
                    rows.getLong("last_account")
                };
            }
        });
        if (bounds[0] < 1 || bounds[1] > LAST_NUMBER || bounds[2] >= OperationVerifier.MAX_SEQ) {
            throw new DamagedRows("it has numbers that no mirror gives: from " + bounds[0] + " to "
                    + Math.max(bounds[1], bounds[2]));
        }
        return new long[] {bounds[3], bounds[4]};
    }

    /** To be called once. @throws DamagedRows for rows that cannot belong together */
    public Outcome run() {
        long[] accounts = checkNumbers(load);
        refuseDoubledDids();
        // The plan of a moment would hash all key sets for each range.
        load.execute("planning", "set local enable_seqscan = off; set local enable_hashjoin = off; set local enable_mergejoin = off");
        try {
            for (long from = accounts[0]; from <= accounts[1]; from += ACCOUNTS) {
                readRange(from, from + ACCOUNTS);
                write(FINDINGS);
            }
            submit();
            while (!judging.isEmpty()) {
                takeFindings();
            }
            write(1);
        } finally {
            pool.shutdownNow();
        }
        return results.outcome(operations);
    }

    private void refuseDoubledDids() {
        load.work("looking for DIDs that are there twice", with -> {
            try (Statement select = with.createStatement();
                    ResultSet rows = select.executeQuery(Sql.file("restore/doubled-did.sql"))) {
                if (rows.next()) {
                    throw new DamagedRows("two accounts have the DID did:plc:" + PageRows.storable(rows.getString(1)));
                }
                return true;
            }
        });
    }

    private void readRange(long from, long to) {
        Map<Integer, AccountReplay.Account> accounts = load.work("reading accounts", with -> accounts(with, from, to));
        load.work("reading operations", with -> {
            try (PreparedStatement select = with.prepareStatement(Sql.file("restore/operations.sql"))) {
                select.setFetchSize(FETCH);
                select.setLong(1, from);
                select.setLong(2, to);
                try (ResultSet rows = select.executeQuery()) {
                    readRows(rows, accounts);
                }
                return true;
            }
        });
        accounts.keySet().forEach(findings::empty); // those whose operations did not come
    }

    private static Map<Integer, AccountReplay.Account> accounts(Connection with, long from, long to) throws SQLException {
        try (PreparedStatement select = with.prepareStatement(Sql.file("restore/accounts.sql"))) {
            select.setLong(1, from);
            select.setLong(2, to);
            Map<Integer, AccountReplay.Account> accounts = new HashMap<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    int id = rows.getInt("id");
                    accounts.put(id, new AccountReplay.Account(id, rows.getString("did"), rows.getLong("head")));
                }
            }
            return accounts;
        }
    }

    /** @param accounts of the range; those that are read are taken out */
    private void readRows(ResultSet rows, Map<Integer, AccountReplay.Account> accounts) throws SQLException {
        List<AccountReplay.Row> ofAccount = new ArrayList<>();
        while (rows.next()) {
            AccountReplay.Row row = row(rows);
            if (!ofAccount.isEmpty() && ofAccount.get(0).account() != row.account()) {
                add(accounts, ofAccount);
                ofAccount = new ArrayList<>();
            }
            ofAccount.add(row);
            if (ofAccount.size() > MOST_OF_AN_ACCOUNT) {
                throw new DamagedRows("account " + row.account() + " has more than " + MOST_OF_AN_ACCOUNT + " operations");
            }
        }
        if (!ofAccount.isEmpty()) {
            add(accounts, ofAccount);
        }
    }

    private static AccountReplay.Row row(ResultSet rows) throws SQLException {
        long id = rows.getLong("id");
        String kind = rows.getString("kind");
        LeanOperation lean = new LeanOperation(
                kind.isEmpty() ? '?' : kind.charAt(0),
                text(rows, "keys", "key_set", id),
                text(rows, "endpoint", "pds", id),
                rows.getBytes("sig"),
                rows.getString("signing_key"),
                rows.getString("handle"),
                Optional.ofNullable(rows.getString("whole")));
        OffsetDateTime createdAt = rows.getObject("created_at", OffsetDateTime.class);
        if (createdAt.getYear() < FIRST_YEAR || createdAt.getYear() > LAST_YEAR) { // infinity among them
            throw new DamagedRows("operation " + id + " is of a time that cannot be: " + createdAt);
        }
        return new AccountReplay.Row(
                id,
                rows.getInt("account"),
                createdAt.toInstant(),
                rows.getLong("prev"),
                rows.getInt("signer"),
                rows.getBoolean("odd"),
                rows.getBoolean("nullified"),
                rows.getString("cid"),
                lean);
    }

    /** What a number stands for; 0 for nothing. */
    private static String text(ResultSet rows, String text, String number, long id) throws SQLException {
        String found = rows.getString(text);
        int named = rows.getInt(number);
        if (found == null && named != 0) {
            throw new DamagedRows("operation " + id + " names " + number + " " + named + ", which is not in it");
        }
        return found == null ? "" : found;
    }

    private void add(Map<Integer, AccountReplay.Account> accounts, List<AccountReplay.Row> rows) {
        AccountReplay.Account account = accounts.remove(rows.get(0).account());
        if (account == null) {
            throw new DamagedRows("operation " + rows.get(0).id() + " names account " + rows.get(0).account() + ", which is not in it");
        }
        batch.accounts.put(account, rows);
        batch.operations += rows.size();
        if (rows.size() > 1 || rows.get(0).prev() != 0) {
            Set<Long> own = new HashSet<>();
            for (AccountReplay.Row row : rows) {
                own.add(row.id());
                if (row.prev() != 0 && !own.contains(row.prev())) {
                    batch.elsewhere.add(row.prev());
                }
            }
        }
        if (batch.operations >= BATCH) {
            submit();
        }
    }

    private void submit() {
        Batch full = batch;
        batch = new Batch();
        operations += full.operations;
        Map<Long, String> elsewhere = full.elsewhere.isEmpty() ? Map.of() : cids(full.elsewhere);
        judging.add(pool.submit(() -> {
            Findings found = new Findings();
            full.accounts.forEach((account, rows) -> replay.replay(account, rows, elsewhere, found));
            return found;
        }));
        if (judging.size() > batchesAhead) {
            takeFindings();
        }
    }

    private Map<Long, String> cids(Set<Long> ids) {
        return load.work("looking up operations", with -> {
            try (PreparedStatement select = with.prepareStatement(Sql.file("restore/cids.sql"))) {
                select.setObject(1, ids.stream().mapToLong(Long::longValue).toArray());
                Map<Long, String> cids = new HashMap<>();
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        cids.put(rows.getLong(1), rows.getString(2));
                    }
                }
                return cids;
            }
        });
    }

    private void takeFindings() {
        try {
            findings.add(judging.remove().get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while verifying", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("verifying failed: " + e.getCause(), e.getCause());
        }
    }

    private void write(int most) {
        if (findings.size() >= most) {
            results.write(findings);
            findings = new Findings();
        }
    }
}
