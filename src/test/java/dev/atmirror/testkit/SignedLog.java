package dev.atmirror.testkit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * A log of properly signed operations with all that a real one holds: genesis of both formats, updates, recoveries,
 * tombstones, times shared by several accounts; and, where asked for, operations that must be rejected. The same seed
 * makes the same log.
 */
public final class SignedLog {
    private static final Instant BEGIN = Instant.parse("2024-03-01T00:00:00Z");
    private static final int HOSTS = 5;

    private final Random random;
    private final List<LogLine> lines = new ArrayList<>();
    private final Set<String> nullified = new HashSet<>();
    private final Set<String> invalid = new HashSet<>();
    private final List<Account> accounts = new ArrayList<>();
    private final List<SigningKey> hosts = new ArrayList<>();
    private Instant now = BEGIN;
    private long seq;

    private static final class Account {
        String did;
        SigningKey own;
        SigningKey host;
        boolean gone;
        final Set<String> byOwner = new HashSet<>();
        final List<LogLine> live = new ArrayList<>();

        LogLine head() {
            return live.get(live.size() - 1);
        }

        List<SigningKey> keys() {
            return List.of(own, host);
        }
    }

    private SignedLog(long seed) {
        random = new Random(seed);
        for (int i = 0; i < HOSTS; i++) {
            hosts.add(i == 0 ? SigningKey.p256("host 0") : SigningKey.k256("host " + i));
        }
    }

    /** Valid operations only. */
    public static SignedLog of(long seed, int operations) {
        return of(seed, operations, 0);
    }

    /** @param invalidPerThousand operations that a verifier must keep out, scattered over the log */
    public static SignedLog of(long seed, int operations, int invalidPerThousand) {
        SignedLog log = new SignedLog(seed);
        log.grow(operations, invalidPerThousand);
        return log;
    }

    /** Adds so many lines and returns them. */
    public List<LogLine> grow(int operations, int invalidPerThousand) {
        int from = lines.size();
        while (lines.size() < from + operations) {
            if (!accounts.isEmpty() && random.nextInt(1000) < invalidPerThousand) {
                forge();
            } else {
                next();
            }
        }
        return List.copyOf(lines.subList(from, lines.size()));
    }

    private void next() {
        int dice = random.nextInt(100);
        if (accounts.size() < 3 || dice < 60) {
            genesis(dice < 4);
            return;
        }
        Account account = accounts.get(random.nextInt(accounts.size()));
        if (account.gone && dice < 97) {
            genesis(false);
        } else if (account.live.size() > 1 && dice >= 92) {
            recover(account);
        } else if (dice >= 90 && !account.gone) {
            account.gone = true;
            accept(account, Ops.tombstone(account.head().cid()), account.host);
        } else if (!account.gone) {
            accept(account, update(account, account.head().cid()), account.host);
        }
    }

    private void genesis(boolean legacy) {
        Account account = new Account();
        account.own = SigningKey.k256("own " + random.nextInt(20));
        account.host = hosts.get(random.nextInt(HOSTS));
        String handle = "user" + random.nextLong(1L << 40) + ".test";
        ObjectNode unsigned = legacy
                ? Ops.create(account.own, account.host, handle, "https://old.test")
                : Ops.operation(account.keys(), handle, "https://pds" + random.nextInt(9) + ".test", null);
        account.did = Ops.did(Ops.sign(unsigned, account.host));
        accounts.add(account);
        accept(account, unsigned, account.host);
    }

    private ObjectNode update(Account account, String prev) {
        String handle = "moved" + random.nextLong(1L << 40) + ".test";
        return Ops.operation(account.keys(), handle, "https://pds" + random.nextInt(9) + ".test", prev);
    }

    /** The owner's own key undoes what the host's key signed, tombstones included. */
    private void recover(Account account) {
        int index = random.nextInt(account.live.size() - 1);
        LogLine disputed = account.live.get(index + 1);
        if (account.byOwner.contains(disputed.cid()) || Duration.between(disputed.createdAt(), now).toHours() >= 71) {
            accept(account, update(account, account.head().cid()), account.own);
            return;
        }
        List<LogLine> undone = account.live.subList(index + 1, account.live.size());
        undone.forEach(line -> nullified.add(line.cid()));
        undone.clear();
        account.gone = false;
        accept(account, update(account, account.head().cid()), account.own);
    }

    private void forge() {
        Account account = accounts.get(random.nextInt(accounts.size()));
        ObjectNode update = update(account, account.head().cid());
        boolean lying = random.nextBoolean();
        ObjectNode signed = Ops.sign(update, lying ? account.host : SigningKey.k256("stranger"));
        String cid = lying ? Ops.cid(Ops.sign(update, SigningKey.k256("stranger"))) : Ops.cid(signed);
        invalid.add(cid);
        tick(true);
        lines.add(new LogLine(seq, account.did, cid, now, signed));
    }

    private void accept(Account account, ObjectNode unsigned, SigningKey key) {
        if (account.gone && !account.live.isEmpty() && isTombstone(account.head())) {
            return;
        }
        ObjectNode signed = Ops.sign(unsigned, key);
        // A millisecond may be shared by different accounts only.
        tick(!account.live.isEmpty());
        LogLine line = new LogLine(seq, account.did, Ops.cid(signed), now, signed);
        account.live.add(line);
        if (key == account.own) {
            account.byOwner.add(line.cid());
        }
        lines.add(line);
    }

    private static boolean isTombstone(LogLine line) {
        return line.operation().path("type").textValue().equals("plc_tombstone");
    }

    private void tick(boolean later) {
        seq += 1 + (random.nextInt(10) == 0 ? random.nextInt(5) : 0);
        now = later || random.nextInt(4) > 0 ? now.plusMillis(1 + random.nextInt(2000)) : now;
    }

    public List<LogLine> lines() {
        return List.copyOf(lines);
    }

    /** The lines that belong into a mirror. */
    public List<LogLine> valid() {
        return lines.stream().filter(line -> !invalid.contains(line.cid())).toList();
    }

    public Set<String> nullified() {
        return Set.copyOf(nullified);
    }

    public int invalid() {
        return invalid.size();
    }
}
