package dev.atmirror.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.identity.Json;
import dev.atmirror.testkit.ChangeListener;
import dev.atmirror.testkit.FakeUpstream;
import dev.atmirror.testkit.LogLine;
import dev.atmirror.testkit.MirrorRun;
import dev.atmirror.testkit.SignedLog;
import dev.atmirror.testkit.TestDatabase;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The feed of a mirror that syncs: a log with recoveries and tombstones, checks of handles in between. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ChangeSyncIT {
    private static final int BEFORE = 600;
    private static final int LIVE = 150;
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final TestDatabase DATABASE = TestDatabase.create();
    private static final SignedLog LOG = SignedLog.of(11, BEFORE, 20);
    private static final Random RANDOM = new Random(5);
    private static FakeUpstream upstream;
    private static MirrorRun mirror;

    @BeforeAll
    static void start() {
        upstream = new FakeUpstream(LOG.lines());
        mirror = MirrorRun.start(DATABASE, upstream, "atmirror.routes.handle-names.enabled", "false")
                .awaitStored(LOG.valid().size())
                .awaitCaughtUp();
        checkSome(0);
    }

    @AfterAll
    static void stop() {
        mirror.close();
        upstream.close();
    }

    /** As the stage that checks handles notes its results: of operations that are there, hours or no time at all behind them. */
    private static void checkSome(long after) {
        DATABASE.run("insert into handle_change (at, operation, account, was, result) select created_at"
                + " + (id % 7 - 1) * interval '1 hour', id, account, '-', 'v' from plc_operation where handle <> '' and id > "
                + after + " and id % 3 = 0 order by id");
    }

    private static List<JsonNode> page(String query) {
        try {
            List<JsonNode> lines = new ArrayList<>();
            for (String line : mirror.get("/changes?" + query).body().lines().toList()) {
                lines.add(Json.parse(line));
            }
            return lines;
        } catch (Exception e) {
            throw new IllegalStateException(query, e);
        }
    }

    /** The whole feed behind a cursor, in pages of random sizes. */
    private static List<JsonNode> feed(String cursor, String filter) {
        List<JsonNode> all = new ArrayList<>();
        String next = cursor;
        while (true) {
            List<JsonNode> lines = page("cursor=" + next + "&limit=" + (1 + RANDOM.nextInt(200)) + filter);
            String last = lines.get(lines.size() - 1).get("cursor").textValue();
            all.addAll(lines.subList(0, lines.size() - 1));
            if (lines.size() == 1 && last.equals(next)) {
                return all;
            }
            next = last;
        }
    }

    private static Stream<String> filters() {
        String some = DATABASE.ask("select string_agg('did:plc:' || did, ',') from plc_account where id % 5 = 0");
        return Stream.of("", "&kind=handle,verification", "&kind=recovery,tombstone", "&kind=verification", "&pds=pds3.test",
                "&did=" + some, "&kind=pds&pds=pds1.test,pds2.test&did=" + some);
    }

    @Test
    @Order(1)
    void feed_resumedAtAnyCursorWithAnyPages_isTheSame() {
        filters().forEach(filter -> {
            List<JsonNode> all = feed("0", filter);
            assertThat(all).as(filter).isNotEmpty().doesNotHaveDuplicates();
            for (int i = 0; i < 12; i++) {
                int from = RANDOM.nextInt(all.size());
                assertThat(feed(all.get(from).get("cursor").textValue(), filter))
                        .as("behind line %s of %s", from, filter)
                        .containsExactlyElementsOf(all.subList(from + 1, all.size()));
            }
        });
    }

    @Test
    @Order(2)
    void feed_replayed_givesTheAccountsAsTheyAre() {
        assertThat(replayed(feed("0", ""))).isEqualTo(stored());
    }

    /** What a follower holds who keeps the last of everything. */
    private static Map<String, String> replayed(List<JsonNode> lines) {
        Map<String, Map<String, String>> accounts = new HashMap<>();
        for (JsonNode line : lines) {
            Map<String, String> account = accounts.computeIfAbsent(line.get("did").textValue(), did -> new HashMap<>());
            for (String field : List.of("handle", "pds", "rotationKeys", "signingKey", "tombstone")) {
                if (line.has(field)) {
                    assertThat(line.at("/" + field + "/was").asText())
                            .isEqualTo(account.getOrDefault(field, field.equals("tombstone") ? "false" : line.at("/" + field + "/was").asText()));
                    account.put(field, line.at("/" + field + "/is").asText());
                }
            }
        }
        Map<String, String> all = new HashMap<>();
        accounts.forEach((did, account) -> all.put(
                did,
                account.getOrDefault("handle", "null") + " " + account.getOrDefault("pds", "null") + " "
                        + account.getOrDefault("tombstone", "false")));
        return all;
    }

    private static Map<String, String> stored() {
        Map<String, String> all = new HashMap<>();
        for (String line : DATABASE.ask("select string_agg(concat_ws(' ', did, coalesce(handle, 'null'), coalesce(pds, 'null'),"
                        + " tombstoned::text), E'\n') from account_infos").split("\n")) {
            all.put(line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1));
        }
        return all;
    }

    @Test
    @Order(3)
    void recovery_ofTheFeed_tellsExactlyWhatIsNullified() {
        Map<String, List<JsonNode>> accounts = new HashMap<>();
        feed("0", "").stream()
                .filter(line -> !line.get("kinds").toString().contains("verification"))
                .forEach(line -> accounts.computeIfAbsent(line.get("did").textValue(), did -> new ArrayList<>()).add(line));
        long nullified = 0;
        for (List<JsonNode> lines : accounts.values()) {
            for (JsonNode line : lines) {
                long seq = line.get("seq").longValue();
                boolean takenBack = lines.stream().anyMatch(other -> other.has("backTo")
                        && other.get("seq").longValue() > seq
                        && other.get("backTo").longValue() < seq);
                assertThat(line.has("nullified")).isEqualTo(takenBack);
                nullified += takenBack ? 1 : 0;
            }
        }
        assertThat(nullified).isEqualTo(DATABASE.number("select count(*) from plc_operation where nullified")).isPositive();
    }

    @Test
    @Order(4)
    void stream_whileTheLogGrows_isTheFeedToo() throws Exception {
        mirror.awaitStreaming();
        String cursor = feed("0", "").get(BEFORE / 2).get("cursor").textValue();
        try (ChangeListener reader = listener("?cursor=" + cursor);
                ChangeListener moved = listener("?cursor=" + cursor + "&kind=pds")) {
            long last = DATABASE.number("select max(id) from plc_operation");
            List<LogLine> more = LOG.grow(LIVE, 0);
            for (int i = 0; i < LIVE; i += 10) {
                upstream.append(more.subList(i, i + 10));
                mirror.awaitStored(LOG.valid().size() - LIVE + i + 10);
                checkSome(last);
                last = DATABASE.number("select max(id) from plc_operation");
            }
            int expected = feed(cursor, "").size();
            await().atMost(PATIENCE).until(() -> reader.changes().size() >= expected);
            assertThat(cursors(reader.changes())).doesNotHaveDuplicates();
            assertThat(seqs(reader.changes())).containsExactlyInAnyOrderElementsOf(seqs(feed(cursor, "")));
            assertThat(replayed(feed("0", ""))).isEqualTo(stored());
            await().atMost(PATIENCE).until(() -> moved.changes().size() == feed(cursor, "&kind=pds").size());
            String middle = reader.changes().get(expected / 2).get("cursor").textValue();
            assertThat(seqs(feed(middle, "")))
                    .as("gone on in pages where the stream was left")
                    .containsExactlyInAnyOrderElementsOf(seqs(reader.changes().subList(expected / 2 + 1, expected)));
        }
    }

    private static ChangeListener listener(String query) throws Exception {
        return ChangeListener.of(URI.create(mirror.address() + "/changes/stream" + query));
    }

    private static List<String> cursors(List<JsonNode> lines) {
        return lines.stream().map(line -> line.get("cursor").textValue()).toList();
    }

    /** Each change by what cannot differ with the moment of reading. */
    private static List<String> seqs(List<JsonNode> lines) {
        return lines.stream().map(line -> line.get("seq") + " " + line.get("kinds")).toList();
    }
}
