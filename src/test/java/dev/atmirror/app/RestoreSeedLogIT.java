package dev.atmirror.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.plc.Times;
import dev.atmirror.snapshot.SeedDump;
import dev.atmirror.testkit.FakeUpstream;
import dev.atmirror.testkit.LogLine;
import dev.atmirror.testkit.MirrorRun;
import dev.atmirror.testkit.Ops;
import dev.atmirror.testkit.SeedTables;
import dev.atmirror.testkit.SignedLog;
import dev.atmirror.testkit.SigningKey;
import dev.atmirror.testkit.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dumps of the log as the seed project makes them, by the real pg_dump. */
class RestoreSeedLogIT {
    private static final SignedLog LOG = SignedLog.of(47, 500);
    private static final Instant LATEST = LOG.lines().get(LOG.lines().size() - 1).createdAt();
    private static TestDatabase mirrored;

    @TempDir
    private Path folder;

    private final TestDatabase seed = TestDatabase.create();
    private final TestDatabase database = TestDatabase.create();

    @BeforeAll
    static void mirror() {
        SeedDump.needed();
        mirrored = TestDatabase.create();
        try (FakeUpstream upstream = new FakeUpstream(LOG.lines());
                MirrorRun run = MirrorRun.start(mirrored, upstream)) {
            run.awaitCaughtUp().awaitStored(LOG.valid().size());
        }
    }

    private Path dump() throws Exception {
        return SeedDump.of(seed, "plc_log_entries", folder, "plc_log_entries-raw-20250703.sql.zst");
    }

    private String restore(Path file, String... overrides) {
        Map<String, String> settings = new java.util.HashMap<>(Map.of(
                "atmirror.postgres.url", database.url(),
                "atmirror.plc.upstream", "http://plc.invalid",
                "atmirror.plc.page-size", "40"));
        for (int i = 0; i < overrides.length; i += 2) {
            settings.put(overrides[i], overrides[i + 1]);
        }
        return PagesRestoring.restore(settings, file);
    }

    private void assertSameLog() {
        assertThat(database.content()).isEqualTo(mirrored.content());
        assertThat(database.accounts()).isEqualTo(mirrored.accounts());
        assertThat(database.number("select count(*) from rejected_operations")).isZero();
    }

    @Test
    void dump_withDuplicates_givesTheLogOnceAndACursorByTime() throws Exception {
        SeedTables tables = new SeedTables(seed, "jsonb");
        List<LogLine> lines = LOG.lines();
        tables.add(lines.subList(0, 300));
        tables.add(lines.subList(250, lines.size()));
        tables.add(lines.subList(0, 20));
        assertThat(restore(dump())).isEqualTo("reading goes on at " + LATEST);
        assertSameLog();
        assertThat(database.ask("select host || ' ' || kind || ' ' || to_char(time at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"
                        + " || count(*) over () from sync_cursors"))
                .isEqualTo("plc.invalid time " + Times.format(LATEST) + "1");
    }

    @Test
    void rows_inAnyOrder_giveTheSameLog() throws Exception {
        SeedTables tables = new SeedTables(seed, "jsonb");
        List<LogLine> shuffled = new ArrayList<>(LOG.lines());
        Collections.shuffle(shuffled, new Random(3));
        tables.add(shuffled);
        restore(dump());
        assertSameLog();
    }

    @Test
    void rows_writtenAgainWithNotes_keepTheNotes() throws Exception {
        SeedTables tables = new SeedTables(seed, "jsonb");
        tables.add(LOG.lines());
        seed.run("update plc_log_entries set notes = 'HDL:0:regex; tab\there \\ back', filtered = 2 where id % 7 = 0");
        restore(dump());
        assertSameLog();
        assertThat(database.ask("select string_agg(concat_ws(' ', did, cid, notes, filtered), ',' order by did, cid)"
                        + " from plc_log_entries where filtered > 0 or notes <> ''"))
                .isEqualTo(seed.ask("select string_agg(concat_ws(' ', did, cid, notes, filtered), ',' order by did, cid)"
                        + " from plc_log_entries where filtered > 0"));
    }

    @Test
    void recovery_thatCameTooLate_isKeptOutThoughItComesFirst() throws Exception {
        SigningKey own = SigningKey.k256("own");
        SigningKey host = SigningKey.k256("host");
        Instant begin = Instant.parse("2024-05-01T00:00:00Z");
        ObjectNode genesis = Ops.sign(Ops.operation(List.of(own, host), "a.test", "https://pds.test", null), host);
        ObjectNode update = Ops.sign(Ops.operation(List.of(own, host), "b.test", "https://pds.test", Ops.cid(genesis)), host);
        ObjectNode late = Ops.sign(Ops.operation(List.of(own, host), "c.test", "https://pds.test", Ops.cid(genesis)), own);
        String did = Ops.did(genesis);
        SeedTables tables = new SeedTables(seed, "jsonb");
        tables.add(line(did, genesis, begin), null, 0);
        tables.add(line(did, late, begin.plus(Duration.ofHours(100))), null, 0);
        tables.add(line(did, update, begin.plus(Duration.ofHours(1))), null, 0);
        restore(dump());
        assertThat(database.ask("select string_agg(cid || nullified, ',' order by id) from plc_log_entries"))
                .isEqualTo(Ops.cid(genesis) + "false," + Ops.cid(update) + "false");
        assertThat(database.ask("select handle from account_infos")).isEqualTo("b.test");
        assertThat(database.ask("select string_agg(reason || cid, ',') from rejected_operations"))
                .isEqualTo("LATE_RECOVERY" + Ops.cid(late));
    }

    private static LogLine line(String did, ObjectNode operation, Instant time) {
        return new LogLine(0, did, Ops.cid(operation), time, operation);
    }

    @Test
    void operation_removedUpstreamAndOnesThatTheSeedChanged_areQuarantined() throws Exception {
        SeedTables tables = new SeedTables(seed, "json");
        tables.add(LOG.lines());
        SigningKey key = SigningKey.k256("key");
        ObjectNode odd = Ops.operation(List.of(key), "odd\u0000\b\t\\.test", "https://pds.test/\n\"\u00e9\u2603", null);
        ObjectNode signed = Ops.sign(odd, key);
        tables.add(line(Ops.did(signed), signed, LATEST.plusSeconds(1)), "odd", 1);
        LogLine known = LOG.lines().get(0);
        ObjectNode forged = Ops.sign(Ops.operation(List.of(key), "x.test", "https://pds.test", known.cid()), key);
        tables.add(line(known.did(), forged, LATEST.plusSeconds(2)), null, 0);
        tables.add(Ops.did(signed), "bafyrei", Times.format(LATEST), "{\"type\":\"plc_operation\"}", null, 0);
        tables.add("did:plc:x", "bafyrei", "yesterday", "{}", null, 0);
        restore(dump());
        assertThat(database.number("select count(*) from plc_log_entries")).isEqualTo(LOG.valid().size() + 1);
        assertThat(database.ask("select operation ->> 'sig' from plc_log_entries where notes = 'odd'"))
                .isEqualTo(signed.get("sig").textValue());
        assertThat(database.ask("select string_agg(reason, ',' order by reason) from rejected_operations"))
                .isEqualTo("INVALID_SIGNATURE,MALFORMED,UNPARSABLE");
    }

    @Test
    void dump_withColumnsOfAnotherOrderAndMore_isRead() throws Exception {
        new SeedTables(seed, "jsonb").add(LOG.lines());
        seed.run("create table other (\"odd \"\"name\" text, filtered bigint, operation jsonb, notes text, cid text, plc_timestamp text,"
                + " more jsonb, did text)");
        seed.run("insert into other select null, filtered, operation, notes, cid, plc_timestamp, '{\"a\": \"\\\\\"}', did"
                + " from plc_log_entries order by id");
        seed.run("drop table plc_log_entries");
        seed.run("alter table other rename to plc_log_entries");
        restore(dump());
        assertSameLog();
    }

    @Test
    void dump_ofNewerTools_isReadWithoutBeingExecuted() throws Exception {
        new SeedTables(seed, "jsonb").add(LOG.lines());
        Path file = SeedDump.of(seed, "plc_log_entries", folder, "seed.sql");
        String text = Files.readString(file);
        Files.writeString(file, "\\restrict abc\nSET transaction_timeout = 0;\nDROP TABLE plc_operation;\n" + text
                + "\nDELETE FROM plc_operation;\n\\unrestrict abc\n");
        restore(file);
        assertSameLog();
    }

    @Test
    void dump_thatEndsAmongTheRows_isToldAndSetsNoCursor() throws Exception {
        new SeedTables(seed, "jsonb").add(LOG.lines());
        Path file = SeedDump.of(seed, "plc_log_entries", folder, "seed.sql");
        String text = Files.readString(file);
        Files.writeString(file, text.substring(0, text.indexOf("\n\\.\n") - 100));
        assertThatThrownBy(() -> restore(file))
                .hasMessage("seed.sql is not whole: it ends in the middle of plc_log_entries");
        assertThat(database.number("select count(*) from sync_cursors where stage = 'plc-logs'")).isZero();
        Files.writeString(file, text);
        restore(file);
        assertSameLog();
    }

    @Test
    void dump_inAnotherEncoding_isRefusedWithTheRepair() throws Exception {
        new SeedTables(seed, "jsonb").add(LOG.lines());
        Path file = SeedDump.of(seed, "plc_log_entries", folder, "latin.sql", "--encoding=LATIN1");
        assertThatThrownBy(() -> restore(file)).hasMessage("latin.sql is written in LATIN1; dump it with --encoding=UTF8");
    }
}
