package dev.atmirror.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.identity.Json;
import dev.atmirror.plc.ExportedOperation;
import dev.atmirror.plc.PlcPage;
import dev.atmirror.plc.Reading;
import dev.atmirror.plc.Rejection;
import dev.atmirror.plc.UnreadableLine;
import dev.atmirror.plc.VerifiedPage;
import dev.atmirror.plc.VerifiedPage.Accepted;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * Turns verified pages into the arrays that {@code sql/plc/append-page.sql} takes. One writer only: numbers for key sets
 * and endpoints are handed out here, so after a page that was not stored {@link #forget} must be called, from whatever
 * thread; pages of the epoch before leave no trace from then on.
 */
public final class PageRows {
    private static final int MAX_CLAIM = 300; // characters kept of a rejected operation's claimed DID and CID
    /** Characters kept of a line that cannot be read: the directory takes operations of 4,000 bytes. */
    private static final int MAX_LINE = 1 << 16;

    private final DataSource database;
    private final Duration askAgainAfter;
    private final Interned keySets = new Interned("plc_key_set", "keys");
    private final Interned endpoints = new Interned("plc_pds", "endpoint");
    private final NoteRows notes;
    private int epoch;

    /** For readings that never ask again for what could not be read. */
    public PageRows(DataSource database) {
        this(database, Duration.ZERO);
    }

    /** @param askAgainAfter when lines that cannot be read are asked for again for the first time */
    public PageRows(DataSource database, Duration askAgainAfter) {
        this.database = database;
        this.askAgainAfter = askAgainAfter;
        this.notes = new NoteRows(database);
    }

    /** From now on only pages of this epoch count. */
    public synchronized void forget(int newEpoch) {
        epoch = newEpoch;
        keySets.forget();
        endpoints.forget();
    }

    /** @return the statement's parameters by name, arrays in the order of the log; none for an outdated page */
    public synchronized Map<String, Object> of(VerifiedPage verified, Reading reading) {
        if (verified.page().epoch() != epoch) {
            return Map.of(); // Its numbers would be remembered and never stored.
        }
        Map<String, Object> parameters = new HashMap<>();
        List<Accepted> accepted = verified.accepted();
        LeanOperation[] lean = new LeanOperation[accepted.size()];
        for (int i = 0; i < lean.length; i++) {
            lean[i] = LeanOperation.of(accepted.get(i).operation());
        }
        putOperations(parameters, accepted, lean);
        putAccounts(parameters, accepted);
        putRejected(parameters, verified, reading);
        notes.putInto(parameters, verified);
        putPosition(parameters, verified.page(), reading, accepted.size());
        return parameters;
    }

    private void putOperations(Map<String, Object> parameters, List<Accepted> accepted, LeanOperation[] lean) {
        List<String> keys = new ArrayList<>(lean.length);
        List<String> pdses = new ArrayList<>(lean.length);
        for (LeanOperation operation : lean) {
            keys.add(operation.keys());
            pdses.add(operation.pds());
        }
        Interned.Resolved keyRefs;
        Interned.Resolved pdsRefs;
        try (Connection connection = database.getConnection()) {
            keyRefs = keySets.resolve(connection, keys.stream().distinct().toList());
            pdsRefs = endpoints.resolve(connection, pdses.stream().distinct().toList());
        } catch (SQLException e) {
            throw new StorageException("looking up key sets and endpoints", e);
        }
        parameters.put("keySetIds", keyRefs.addedIds());
        parameters.put("keySets", keyRefs.addedTexts());
        parameters.put("pdsIds", pdsRefs.addedIds());
        parameters.put("pdsEndpoints", pdsRefs.addedTexts());
        new OperationColumns(accepted, lean, keyRefs.numbers(), pdsRefs.numbers()).putInto(parameters);
    }

    private static void putAccounts(Map<String, Object> parameters, List<Accepted> accepted) {
        Map<Integer, Accepted> created = new LinkedHashMap<>();
        Map<Integer, Long> heads = new TreeMap<>(); // in order of the accounts, so that parallel writers cannot deadlock
        for (Accepted operation : accepted) {
            if (operation.isNewAccount()) {
                created.put(operation.account(), operation);
            }
            heads.put(operation.account(), operation.id());
        }
        List<Accepted> news = List.copyOf(created.values());
        parameters.put("newAccounts", news.stream().mapToInt(Accepted::account).toArray());
        parameters.put(
                "newAccountHeads",
                news.stream().mapToLong(a -> heads.get(a.account())).toArray());
        parameters.put(
                "newAccountDids",
                news.stream().map(a -> a.did().substring("did:plc:".length())).toArray(String[]::new));
        heads.keySet().removeAll(created.keySet());
        parameters.put("oldAccounts", heads.keySet().stream().mapToInt(Integer::intValue).toArray());
        parameters.put("oldAccountHeads", heads.values().stream().mapToLong(Long::longValue).toArray());
    }

    private record Refused(String did, String cid, long seq, Instant createdAt, String reason, String operation) {}

    private void putRejected(Map<String, Object> parameters, VerifiedPage verified, Reading reading) {
        // By claim: one statement cannot touch the same row twice.
        Map<List<String>, Refused> refused = new LinkedHashMap<>();
        for (VerifiedPage.Rejected rejected : verified.rejected()) {
            ExportedOperation operation = rejected.operation();
            add(refused, operation.did(), operation.cid(), operation, rejected.reason(), operation.operation());
        }
        for (UnreadableLine line : verified.page().unparsable()) {
            String kept = line.text().length() > MAX_LINE ? line.text().substring(0, MAX_LINE) : line.text();
            // By its place, where there is one: equal texts at different places are different lines.
            String digest = DigestUtils.sha256Hex(
                    reading.canAskAgain() ? reading.host() + ' ' + line.key() : line.text());
            ExportedOperation nothing = new ExportedOperation("", digest, line.time(), line.seq(), null);
            add(refused, "", digest, nothing, Rejection.UNPARSABLE, Json.MAPPER.getNodeFactory().textNode(kept));
        }
        parameters.put("askAgainSeconds", reading.canAskAgain() ? askAgainAfter.toSeconds() : 0L);
        parameters.put("readNow", verified.page().reread().stream()
                .flatMap(reread -> reread.read().stream())
                .mapToLong(Long::longValue)
                .toArray());
        List<Refused> rows = List.copyOf(refused.values());
        parameters.put("rejectedDids", rows.stream().map(Refused::did).toArray(String[]::new));
        parameters.put("rejectedCids", rows.stream().map(Refused::cid).toArray(String[]::new));
        parameters.put("rejectedSeqs", rows.stream().mapToLong(Refused::seq).toArray());
        parameters.put(
                "rejectedTimes",
                rows.stream().map(row -> row.createdAt().toString()).toArray(String[]::new));
        parameters.put("rejectedReasons", rows.stream().map(Refused::reason).toArray(String[]::new));
        parameters.put("rejectedOperations", rows.stream().map(Refused::operation).toArray(String[]::new));
    }

    private static void add(
            Map<List<String>, Refused> refused,
            String did,
            String cid,
            ExportedOperation claimed,
            Rejection reason,
            JsonNode operation) {
        String shownDid = storable(did);
        String shownCid = storable(cid);
        refused.put(
                List.of(shownDid, shownCid, reason.name()),
                new Refused(
                        shownDid,
                        shownCid,
                        claimed.seq(),
                        claimed.createdAt(),
                        reason.name(),
                        AsciiJson.write(operation)));
    }

    /** A claim as text that PostgreSQL takes, and not too long. */
    static String storable(String claim) {
        return claim.codePoints()
                .limit(MAX_CLAIM)
                .map(c -> c == 0 || c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xfffd : c)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }

    private static void putPosition(Map<String, Object> parameters, PlcPage page, Reading reading, int count) {
        parameters.put("stage", reading.stage());
        parameters.put("host", reading.host());
        parameters.put("kind", page.next().kind().name().toLowerCase(java.util.Locale.ROOT));
        parameters.put("seq", page.next().seq());
        parameters.put("time", page.next().time().toString());
        parameters.put("content", reading.content(page).orElse(null));
        parameters.put("count", count);
        parameters.put("caughtUp", page.caughtUp());
    }

    static long micros(Instant time) {
        return TimeUnit.SECONDS.toMicros(time.getEpochSecond()) + TimeUnit.NANOSECONDS.toMicros(time.getNano());
    }
}
