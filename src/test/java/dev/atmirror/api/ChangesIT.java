package dev.atmirror.api;

import static dev.atmirror.testkit.KnownAccounts.did;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.app.IdentityUnderTest;
import dev.atmirror.app.Reply;
import dev.atmirror.identity.Json;
import dev.atmirror.testkit.KnownAccounts;
import dev.atmirror.testkit.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code GET /changes} and {@code GET /history/{did}}. */
class ChangesIT {
    private static IdentityUnderTest api;

    @BeforeAll
    static void start() {
        TestDatabase database = TestDatabase.create();
        database.migrate();
        KnownAccounts.fill(database);
        api = new IdentityUnderTest(database);
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    /** All lines of a page, the one that says where to go on among them. */
    private static List<JsonNode> lines(String query) {
        Reply reply = api.get("/changes" + query);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.type()).startsWith("application/jsonlines");
        return new String(reply.body(), StandardCharsets.UTF_8).lines().map(ChangesIT::parsed).toList();
    }

    private static JsonNode parsed(String line) {
        try {
            return Json.parse(line);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(line, e);
        }
    }

    private static List<JsonNode> changes(String query) {
        return lines(query).stream().filter(line -> line.has("kinds")).toList();
    }

    private static String last(List<JsonNode> lines) {
        return lines.get(lines.size() - 1).get("cursor").textValue();
    }

    @Test
    void changes_all_areInOrderEachWithItsCursor() {
        List<JsonNode> all = lines("");
        assertThat(all).hasSize(18 + 2 + 1);
        assertThat(all.get(0).get("cursor").textValue()).isEqualTo("1-0");
        assertThat(last(all)).isEqualTo("18-2");
        List<String> times = all.stream().filter(line -> line.has("time")).map(line -> line.get("time").textValue()).toList();
        assertThat(times).isSorted();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&kind=handle,verification", "&pds=two.test", "&kind=new", "&kind=recovery"})
    void changes_pageByPage_areThoseOfOnePage(String filter) {
        for (int limit : new int[] {1, 2, 3, 7}) {
            List<JsonNode> paged = new ArrayList<>();
            String cursor = "0";
            for (int page = 0; page < 30; page++) {
                List<JsonNode> lines = lines("?cursor=" + cursor + "&limit=" + limit + filter);
                lines.stream().filter(line -> line.has("kinds")).forEach(paged::add);
                cursor = last(lines);
            }
            assertThat(paged).containsExactlyElementsOf(changes("?limit=1000" + filter));
            assertThat(cursor).isEqualTo(last(lines("?limit=1000" + filter)));
        }
    }

    @Test
    void changes_behindTheCursorOfAnyLine_areTheLinesBehindIt() {
        List<JsonNode> all = changes("");
        for (int i = 0; i < all.size(); i++) {
            String cursor = all.get(i).get("cursor").textValue();
            assertThat(changes("?cursor=" + cursor)).containsExactlyElementsOf(all.subList(i + 1, all.size()));
        }
    }

    @Test
    void genesis_ofAnAccount_isOneChangeWithAllThatItHas() {
        JsonNode alice = changes("?limit=1").get(0);
        assertThat(alice.get("did").textValue()).isEqualTo(did("alice"));
        assertThat(alice.get("time").textValue()).isEqualTo("2024-05-01T00:01:00.000Z");
        assertThat(alice.get("kinds")).extracting(JsonNode::textValue).containsExactly("new");
        assertThat(alice.get("handle").toString()).isEqualTo("{\"was\":null,\"is\":\"alice.test\"}");
        assertThat(alice.get("rotationKeys").toString())
                .isEqualTo("{\"was\":[],\"is\":[\"did:key:zShared\",\"did:key:zHostOne\"]}");
        assertThat(alice.at("/signingKey/is").textValue()).isEqualTo("did:key:" + KnownAccounts.KEY);
    }

    @Test
    void history_ofAnAccount_isAllThatChangedWithWhatWas() {
        JsonNode history = api.json("/history/" + did("grace"));
        assertThat(history.get("did").textValue()).isEqualTo(did("grace"));
        assertThat(history.get("changes")).extracting(change -> change.get("kinds").toString())
                .containsExactly("[\"new\"]", "[\"handle\"]", "[\"verification\"]", "[\"pds\",\"key\"]");
        assertThat(history.at("/changes/1/handle").toString()).isEqualTo("{\"was\":\"old.test\",\"is\":\"grace.test\"}");
        assertThat(history.at("/changes/2/verification").toString())
                .isEqualTo("{\"handle\":\"grace.test\",\"was\":\"unchecked\",\"is\":\"valid\"}");
        assertThat(history.at("/changes/3/pds").toString())
                .isEqualTo("{\"was\":\"https://one.test\",\"is\":\"https://two.test\"}");
        assertThat(history.at("/changes/3").has("handle")).isFalse();
        assertThat(history.has("cursor")).isFalse();
    }

    @Test
    void history_pageByPage_isTheSame() {
        JsonNode first = api.json("/history/" + did("grace") + "?limit=3");
        assertThat(first.get("changes")).hasSize(3);
        JsonNode second = api.json("/history/" + did("grace") + "?limit=3&cursor=" + first.get("cursor").textValue());
        assertThat(second.get("changes")).hasSize(1);
        assertThat(second.get("changes").get(0)).isEqualTo(api.json("/history/" + did("grace")).get("changes").get(3));
    }

    @Test
    void recovery_ofAnAccount_takesBackWhatTheThiefChanged() {
        JsonNode changes = api.json("/history/" + did("rita")).get("changes");
        assertThat(changes.get(1).get("nullified").booleanValue()).isTrue();
        assertThat(changes.get(1).get("kinds").toString()).isEqualTo("[\"handle\",\"pds\",\"key\"]");
        assertThat(changes.get(2).get("handle").toString()).isEqualTo("{\"was\":\"thief.test\",\"is\":\"rita.test\"}");
        assertThat(changes.get(2).has("nullified")).isFalse();
    }

    @Test
    void tombstone_ofAnAccount_isAChangeOfItsOwn() {
        JsonNode change = changes("?kind=tombstone").get(0);
        assertThat(change.get("did").textValue()).isEqualTo(did("dave"));
        assertThat(change.get("tombstone").toString()).isEqualTo("{\"was\":false,\"is\":true}");
        assertThat(change.get("handle").toString()).isEqualTo("{\"was\":\"dave.test\",\"is\":null}");
    }

    @ParameterizedTest
    @CsvSource({
        "?kind=verification, 2",
        "?kind=new, 13",
        "?kind=pds, 4",
        "?kind=key&kind=tombstone, 4",
        "?pds=https://two.test, 1",
        "?pds=two.test, 1",
        "?pds=nowhere.test, 0",
    })
    void filter_ofEachSort_leavesTheOthersOut(String query, int expected) {
        assertThat(changes(query)).hasSize(expected);
    }

    @Test
    void filter_byDids_isTheirs() {
        assertThat(changes("?did=" + did("dave") + "," + did("mallory"))).hasSize(4);
        assertThat(changes("?did=" + did("dave") + "&did=" + did("grace") + "&kind=handle")).hasSize(2);
    }

    @Test
    void cursor_now_isTheEnd() {
        assertThat(lines("?cursor=now")).hasSize(1);
        assertThat(last(lines("?cursor=now"))).isEqualTo("18-2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"?cursor=x", "?cursor=-1", "?kind=nonsense", "?limit=0", "?limit=1001", "?did=alice.test", "?pds=%2F"})
    void query_thatCannotBe_isRefused(String query) {
        Reply reply = api.get("/changes" + query);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().get("message").isTextual()).isTrue();
    }

    @Test
    void recovery_ofAnAccount_saysWhatItTookBack() {
        JsonNode line = changes("?kind=recovery").get(0);
        assertThat(line.get("did").textValue()).isEqualTo(did("rita"));
        assertThat(line.get("kinds")).extracting(JsonNode::textValue).contains("recovery", "handle", "pds", "key");
        assertThat(line.get("seq").longValue()).isEqualTo(18);
        assertThat(line.get("backTo").longValue()).as("all of the account's behind it are nullified").isEqualTo(10);
    }

    @Test
    void history_ofAHandle_isThatOfItsVerifiedOwner() {
        assertThat(api.json("/history/alice.test")).isEqualTo(api.json("/history/" + did("alice")));
        assertThat(api.json("/history/@Grace.test").get("did").textValue()).isEqualTo(did("grace"));
        assertThat(api.get("/history/old.test").status()).as("nobody declares it any more").isEqualTo(404);
    }

    @Test
    void verification_ofAnOperation_neverComesBeforeIt() {
        TestDatabase database = TestDatabase.create();
        database.migrate();
        KnownAccounts.fill(database);
        database.run("update handle_change set at = '2000-01-01'"); // by a clock that is behind
        ChangeFeed feed = new ChangeFeed(new dev.atmirror.store.Changes(database.source()));
        List<String> order = feed.after(ChangeCursor.BEGINNING, ChangeFilter.ALL, 100).changes().stream()
                .map(line -> line.get("cursor").textValue())
                .toList();
        assertThat(order).containsSubsequence("15-0", "15-1", "15-2", "16-2").hasSize(20);
    }

    @Test
    void filter_byManyDids_takesAThousand() {
        StringBuilder dids = new StringBuilder("?limit=1000&did=" + did("grace"));
        for (int i = 1; i < 1000; i++) {
            dids.append(",did:plc:").append("%024d".formatted(i));
        }
        assertThat(changes(dids.toString())).hasSize(4);
        assertThat(api.get("/changes" + dids + "," + did("bob")).status()).isEqualTo(400);
    }

    @Test
    void cursor_aheadOfUs_isRefused() {
        Reply reply = api.get("/changes?cursor=99-0");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().get("message").textValue()).isEqualTo("FutureCursor: this mirror is at 18-2");
    }

    @Test
    void history_ofNobody_isA404() {
        assertThat(api.get("/history/nonsense").status()).isEqualTo(404);
        assertThat(api.get("/history/did:plc:nobody").status()).isEqualTo(404);
    }

    @Test
    void stream_askedWithoutAWebSocket_saysSo() {
        assertThat(api.get("/changes/stream").status()).isEqualTo(426);
    }
}
