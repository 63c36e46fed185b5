package dev.atmirror;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.identity.Json;
import dev.atmirror.store.PlcLog;
import dev.atmirror.store.SearchPath;
import dev.atmirror.testkit.FakeUpstream;
import dev.atmirror.testkit.LogLine;
import dev.atmirror.testkit.MirrorRun;
import dev.atmirror.testkit.Ops;
import dev.atmirror.testkit.SigningKey;
import dev.atmirror.testkit.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** What went into the tables comes out again, by whatever way it is asked for, and no way scans a table. */
class StorageIT {
    private static final Instant T0 = Instant.parse("2024-05-01T00:00:00.001Z");
    private static final SigningKey STRONG = SigningKey.k256("strong");
    private static final SigningKey WEAK = SigningKey.k256("weak");
    private static final TestDatabase DATABASE = TestDatabase.create();
    private static final TestDatabase FILLED = TestDatabase.create();
    private static boolean filled;
    private static final List<LogLine> LINES = new ArrayList<>();
    private static final Map<String, String> DIDS = new LinkedHashMap<>();
    private static PlcLog log;

    @BeforeAll
    static void store() {
        oddGeneses();
        histories();
        try (FakeUpstream upstream = new FakeUpstream(LINES);
                MirrorRun run = MirrorRun.start(DATABASE, upstream)) {
            run.awaitStored(LINES.size());
        }
        PGSimpleDataSource source = SearchPath.plain();
        source.setUrl(DATABASE.url());
        log = new PlcLog(source);
    }

    private static ObjectNode plain() {
        return Ops.operation(List.of(STRONG, WEAK), "plain.test", "https://pds.test", null);
    }

    private static void oddGeneses() {
        genesis("plain", plain());
        genesis("unknown fields", plain().put("extra", 1.5).put("more", true).putNull("none"));
        genesis("nul", withAlias(plain(), "a\u0000b\\u0000\\\u0000\u0000"));
        genesis("nul in a key", withKey(plain(), "x\u0000"));
        genesis("not ascii", withAlias(plain(), "Ünïcödé \ud83d\ude00 \u2028"));
        String longest = "a".repeat(63) + ".b".repeat(90) + ".test";
        genesis("long handle", Ops.operation(List.of(WEAK), longest, "https://pds.test", null));
        genesis("handle with capitals", Ops.operation(List.of(WEAK), "Capital.Test", "https://pds.test", null));
        genesis("invalid handle", Ops.operation(List.of(WEAK), "no handle", "https://pds.test", null));
        genesis("two handles", withAlias(plain(), "at://second.test"));
        ObjectNode labeler = plain();
        labeler.withObject("/services")
                .putObject("atproto_labeler")
                .put("type", "AtprotoLabeler")
                .put("endpoint", "https://labels.test");
        labeler.withObject("/verificationMethods").put("atproto_label", SigningKey.p256("label").didKey());
        genesis("labeler", labeler);
        ObjectNode other = plain();
        other.withObject("/services").withObject("/atproto_pds").put("type", "SomethingElse");
        genesis("other service type", other);
        ObjectNode extra = plain();
        extra.withObject("/services").withObject("/atproto_pds").put("note", "x");
        genesis("service with more fields", extra);
        ObjectNode empty = plain();
        empty.putArray("alsoKnownAs");
        empty.putObject("services");
        empty.putObject("verificationMethods");
        genesis("empty everything", empty);
        ObjectNode blank = plain();
        blank.withObject("/services").withObject("/atproto_pds").put("endpoint", "");
        blank.withObject("/verificationMethods").put("atproto", "");
        genesis("empty texts", blank);
        genesis("key listed twice", withKey(plain(), STRONG.didKey()));
        genesis("create with https", Ops.create(STRONG, WEAK, "old.test", "https://old.test"));
        genesis("create without https", Ops.create(STRONG, WEAK, "bare.test", "old.test"));
        genesis("create with at", Ops.create(STRONG, WEAK, "at://at.test", "https://old.test"));
    }

    private static ObjectNode withAlias(ObjectNode operation, String alias) {
        operation.withArray("alsoKnownAs").add(alias);
        return operation;
    }

    private static ObjectNode withKey(ObjectNode operation, String key) {
        operation.withArray("rotationKeys").add(key);
        return operation;
    }

    private static void genesis(String name, ObjectNode unsigned) {
        ObjectNode signed = Ops.sign(unsigned, WEAK);
        DIDS.put(name, Ops.did(signed));
        add(Ops.did(signed), signed, Duration.ofSeconds(LINES.size()));
    }

    private static ObjectNode next(String name, ObjectNode unsigned, SigningKey key, Duration at) {
        ObjectNode signed = Ops.sign(unsigned, key);
        add(DIDS.get(name), signed, at);
        return signed;
    }

    private static void add(String did, ObjectNode signed, Duration at) {
        LINES.add(new LogLine(LINES.size() * 3L + 5, did, Ops.cid(signed), T0.plus(at), signed));
    }

    private static ObjectNode update(ObjectNode prev, String handle) {
        return Ops.operation(List.of(STRONG, WEAK), handle, "https://new.test", Ops.cid(prev));
    }

    private static ObjectNode founded(String name) {
        ObjectNode unsigned = Ops.operation(List.of(STRONG, WEAK), name + ".test", "https://first.test", null);
        genesis(name, unsigned);
        return Ops.sign(unsigned, WEAK);
    }

    private static void histories() {
        ObjectNode moved = founded("moved");
        next("moved", update(moved, "elsewhere.test"), WEAK, Duration.ofHours(1));
        ObjectNode recovered = founded("recovered");
        ObjectNode undone = next("recovered", update(recovered, "thief.test"), WEAK, Duration.ofHours(1));
        next("recovered", update(undone, "thief2.test"), WEAK, Duration.ofHours(2));
        next("recovered", update(recovered, "owner.test"), STRONG, Duration.ofHours(3));
        ObjectNode buried = founded("buried");
        next("buried", Ops.tombstone(Ops.cid(buried)), WEAK, Duration.ofHours(1));
        ObjectNode risen = founded("risen");
        next("risen", Ops.tombstone(Ops.cid(risen)), WEAK, Duration.ofHours(1));
        next("risen", update(risen, "risen.test"), STRONG, Duration.ofHours(2));
    }

    @Test
    void log_anyOperation_comesBackAsItWentIn() {
        for (LogLine line : LINES) {
            assertThat(log.log(line.did())).anySatisfy(entry -> {
                assertThat(entry.operation().json()).isEqualTo(line.operation());
                assertThat(entry.cid()).isEqualTo(line.cid()).isEqualTo(entry.operation().cid());
                assertThat(entry.createdAt()).isEqualTo(line.createdAt());
                assertThat(entry.id()).isEqualTo(line.seq());
            });
        }
    }

    @Test
    void view_anyOperation_isTheSameJson() throws Exception {
        for (LogLine line : LINES) {
            String sql = "select operation from plc_log_entries where cid = '" + line.cid() + "'";
            JsonNode shown = Json.parse(DATABASE.ask(sql));
            JsonNode expected = Json.parse(
                    // jsonb cannot hold NUL; nothing else may differ.
                    Json.write(replaceNul(line.operation())));
            assertThat(shown).isEqualTo(expected);
        }
        assertThat(DATABASE.number("select count(*) from plc_log_entries")).isEqualTo(LINES.size());
    }

    private static JsonNode replaceNul(ObjectNode operation) {
        ObjectNode copy = operation.deepCopy();
        for (String field : List.of("alsoKnownAs", "rotationKeys")) {
            if (copy.has(field)) {
                var texts = Json.MAPPER.createArrayNode();
                copy.get(field).forEach(text -> texts.add(text.textValue().replace('\u0000', '\ufffd')));
                copy.set(field, texts);
            }
        }
        return copy;
    }

    private static String account(String name) {
        return DATABASE.ask("select concat_ws('|', handle, pds, tombstoned) from account_infos where did = '"
                + DIDS.get(name) + "'");
    }

    @Test
    void accounts_afterAllThatHappened_showWhatIsInForce() {
        assertThat(account("plain")).isEqualTo("plain.test|https://pds.test|f");
        assertThat(account("moved")).isEqualTo("elsewhere.test|https://new.test|f");
        assertThat(account("recovered")).isEqualTo("owner.test|https://new.test|f");
        assertThat(account("buried")).isEqualTo("t");
        assertThat(account("risen")).isEqualTo("risen.test|https://new.test|f");
        assertThat(account("handle with capitals")).isEqualTo("capital.test|https://pds.test|f");
        assertThat(account("two handles")).isEqualTo("plain.test|https://pds.test|f");
        assertThat(account("other service type")).isEqualTo("plain.test|f");
        assertThat(account("create without https")).isEqualTo("bare.test|https://old.test|f");
        assertThat(DATABASE.number("select count(*) from account_infos")).isEqualTo(DIDS.size());
        assertThat(DATABASE.ask("select string_agg(nullified::text, ',' order by seq) from plc_log_entries"
                        + " where did = '" + DIDS.get("recovered") + "'"))
                .isEqualTo("false,true,true,false");
        assertThat(DATABASE.number("select count(*) from account_infos where handle = 'thief2.test'")).isZero();
        assertThat(DATABASE.number("select count(*) from account_infos where handle = 'owner.test'")).isEqualTo(1);
    }

    /** Tables with enough rows for the planner to care, made of a sequence rather than of operations. */
    private static synchronized TestDatabase filled() {
        if (!filled) {
            filled = true;
            // As the mirror's own server is set.
            FILLED.run("alter database " + FILLED.ask("select current_database()") + " set random_page_cost = 1.1");
            FILLED.migrate();
            FILLED.run("insert into plc_account select i, i, md5(i::text) from generate_series(1, 200000) i");
            FILLED.run("insert into plc_operation"
                    + " select i, timestamptz '2024-06-01' + i * interval '1 minute', 0, i, 1, 1, 0, 'o', false, false, md5('c' || i), '\\x00', 'k',"
                    + " case when i % 7 > 0 then 'h' || i || '.test' else '' end from generate_series(1, 200000) i");
            FILLED.run("insert into plc_key_set values (1, '[\"k\"]')");
            FILLED.run("insert into plc_pds values (1, 'https://pds.test')");
            FILLED.run("analyze");
        }
        return FILLED;
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "select * from plc_log_entries where did = 'did:plc:x'",
        "select * from plc_log_entries where cid = 'bafyreix'",
        // A stretch of time; without its end, only the order of seq can be had without sorting all that follows.
        "select * from plc_log_entries where plc_timestamp >= '2024-07-01' and plc_timestamp < '2024-07-01 04:00'"
                + " order by plc_timestamp, seq",
        "select * from plc_log_entries where plc_timestamp >= '2024-10-10' order by seq limit 1000",
        "select * from plc_log_entries where seq > 130000 order by seq limit 1000",
        "select * from plc_log_entries where id = 130000",
        "select * from account_infos where did = 'did:plc:x'",
        "select * from account_infos where handle = 'h2001.test'"
    })
    void lookup_onAFilledTable_goesByAnIndex(String sql) throws Exception {
        String plan = filled().ask("explain (format json) " + sql);
        List<String> scanned = new ArrayList<>();
        Json.parse(plan).findParents("Node Type").stream()
                .filter(node -> node.path("Node Type").textValue().equals("Seq Scan"))
                .forEach(node -> scanned.add(node.path("Relation Name").textValue()));
        assertThat(scanned).as(plan).doesNotContain("plc_operation", "plc_account");
    }

    @Test
    void accountByHandle_onAFilledTable_isFound() {
        assertThat(filled().ask("select did from account_infos where handle = 'h2001.test'")).startsWith("did:plc:");
        assertThat(filled().ask("select did from account_infos where handle = 'h7.test'")).isEqualTo("nothing");
    }
}
