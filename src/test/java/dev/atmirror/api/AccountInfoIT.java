package dev.atmirror.api;

import static dev.atmirror.testkit.KnownAccounts.did;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.app.IdentityUnderTest;
import dev.atmirror.app.Reply;
import dev.atmirror.identity.Json;
import dev.atmirror.testkit.KnownAccounts;
import dev.atmirror.testkit.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code GET /info/{did|handle}} and {@code POST /info}: whose a handle is, and how sure that is. */
class AccountInfoIT {
    private static TestDatabase database;
    private static IdentityUnderTest api;

    @BeforeAll
    static void start() {
        database = TestDatabase.create();
        database.migrate();
        KnownAccounts.fill(database);
        api = new IdentityUnderTest(database, "atmirror.refresh.per-client", "5");
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    private static JsonNode info(String account) {
        return api.json("/info/" + account);
    }

    @Test
    void handle_verified_isItsOwnersThoughAnotherClaimsIt() {
        JsonNode alice = info("alice.test");
        assertThat(alice.get("did").textValue()).isEqualTo(did("alice"));
        assertThat(alice.get("handle").textValue()).isEqualTo("alice.test");
        assertThat(alice.at("/handleCheck/result").textValue()).isEqualTo("valid");
        assertThat(alice.at("/handleCheck/method").textValue()).isEqualTo("dns");
        assertThat(alice.at("/handleCheck/checkedAt").isTextual()).isTrue();
        assertThat(alice.has("declaredHandle")).isFalse();
        assertThat(alice.get("claimants")).extracting(JsonNode::textValue).containsExactly(did("alice"), did("mallory"));
    }

    @ParameterizedTest
    @CsvSource({
        "mallory, handle.invalid, alice.test, points_elsewhere",
        "carol, handle.invalid, carol.test, no_record",
        "bob, bob.test, , unchecked",
        "erin, erin.test, , unreachable",
        "grace, grace.test, , valid",
    })
    void account_byDid_saysHowSureItsHandleIs(String name, String handle, String declared, String result) {
        JsonNode account = info(did(name));
        assertThat(account.get("handle").textValue()).isEqualTo(handle);
        assertThat(account.path("declaredHandle").textValue()).isEqualTo(declared);
        assertThat(account.at("/handleCheck/result").textValue()).isEqualTo(result);
    }

    @Test
    void handle_thatPointsElsewhere_saysWhere() {
        JsonNode mallory = info(did("mallory"));
        assertThat(mallory.at("/handleCheck/pointsTo").textValue()).isEqualTo(did("alice"));
        assertThat(mallory.at("/handleCheck/detail").textValue()).isEqualTo("said the test");
    }

    @Test
    void handle_thatNobodyAnswersFor_saysHowOftenThatWas() {
        JsonNode check = info(did("erin")).get("handleCheck");
        assertThat(check.get("failures").intValue()).isEqualTo(2);
        assertThat(check.has("triedAt")).isTrue();
        assertThat(check.has("checkedAt")).isFalse();
    }

    @Test
    void handle_claimedBySeveralAndNotChecked_isTheOldestClaimsWithAllNamed() {
        JsonNode frank = info("frank.test");
        assertThat(frank.get("did").textValue()).isEqualTo(did("frank"));
        assertThat(frank.get("claimants")).hasSize(2);
    }

    @Test
    void tombstone_byDid_hasNoHandleAndNoCheck() {
        JsonNode dave = info(did("dave"));
        assertThat(dave.get("tombstoned").booleanValue()).isTrue();
        assertThat(dave.get("handle").isNull()).isTrue();
        assertThat(dave.has("handleCheck")).isFalse();
    }

    @Test
    void state_ofTheHostThatTheDocumentNames_isShown() {
        assertThat(info("alison.test").get("active").booleanValue()).isFalse();
        assertThat(info("alison.test").get("status").textValue()).isEqualTo("deactivated");
        assertThat(info(did("grace")).get("active").booleanValue()).as("the old host says otherwise").isTrue();
        assertThat(info(did("erin")).has("active")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"old.test, 404", "nobody.test, 404", "did:plc:nobody, 404", "did:web:x.test, 404", "no%20handle, 400", "%25, 400"})
    void account_notThere_isRefused(String account, int status) {
        Reply reply = api.get("/info/" + account);
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.json().get("message").isTextual()).isTrue();
    }

    @Test
    void refresh_asOftenAsAllowed_checksAndThenSaysHowLongToWait() {
        try (IdentityUnderTest strict = new IdentityUnderTest(database, "atmirror.refresh.per-client", "2")) {
            strict.checksTo(did("gina"), 'v').checksTo(did("frank"), 'e');
            JsonNode owner = strict.json("/info/frank.test?refresh=true");
            assertThat(strict.checked()).containsExactly(did("frank"), did("gina"));
            assertThat(owner.get("did").textValue()).isEqualTo(did("gina"));
            Reply refused = strict.get("/info/" + did("gina") + "?refresh=true");
            assertThat(refused.status()).isEqualTo(429);
            assertThat(Integer.parseInt(refused.header("Retry-After").orElseThrow())).isBetween(1, 60);
            assertThat(strict.get("/info/" + did("gina")).status()).isEqualTo(200);
            assertThat(strict.get("/info/alice.test?refresh=yes").status()).isEqualTo(400);
        } finally {
            database.run("delete from handle_check where account in (7, 8)");
        }
    }

    @Test
    void refresh_ofAllClients_isLimitedTogether() {
        try (IdentityUnderTest strict = new IdentityUnderTest(
                database, "atmirror.refresh.per-client", "2", "atmirror.refresh.together", "1")) {
            strict.checksTo(did("alice"), 'v');
            assertThat(strict.get("/info/" + did("alice") + "?refresh=true").status()).isEqualTo(200);
            assertThat(strict.get("/info/" + did("alice") + "?refresh=true").status()).isEqualTo(429);
            assertThat(strict.get("/info/" + did("alice") + "?refresh=true").status()).isEqualTo(429);
            assertThat(strict.checked()).hasSize(1);
        }
    }

    @Test
    void many_asked_areAnsweredInOrderMissesIncluded() {
        List<Object> asked = List.of(
                did("grace"), "nobody.test", "@Alice.Test", "no handle", 7, did("nobody"), did("grace"), "at://bob.test");
        JsonNode accounts = api.post("/info", Map.of("accounts", asked)).json().get("accounts");
        assertThat(accounts).extracting(account -> account.get("asked").asText()).containsExactlyElementsOf(
                asked.stream().map(String::valueOf).toList());
        assertThat(accounts).extracting(account -> account.path("did").asText(account.path("error").asText()))
                .containsExactly(
                        did("grace"), "NotFound", did("alice"), "Invalid", "Invalid", "NotFound", did("grace"), did("bob"));
        ((ObjectNode) accounts.get(0)).remove("asked");
        assertThat(accounts.get(0)).isEqualTo(info(did("grace")));
        assertThat(accounts.get(1).get("message").textValue()).contains("nobody.test");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/jsonlines", "application/x-ndjson", "text/html, application/jsonl;q=0.9"})
    void many_askedForLines_areOneALine(String accept) {
        Reply reply = api.post("/info", Map.of("accounts", List.of(did("grace"), "nobody.test")), "Accept", accept);
        assertThat(reply.type()).startsWith("application/jsonlines");
        String text = new String(reply.body(), StandardCharsets.UTF_8);
        assertThat(text).endsWith("}\n");
        assertThat(text.lines().map(AccountInfoIT::parsed).map(line -> line.get("asked").textValue()))
                .containsExactly(did("grace"), "nobody.test");
    }

    private static JsonNode parsed(String line) {
        try {
            return Json.parse(line);
        } catch (Exception e) {
            throw new IllegalStateException(line, e);
        }
    }

    @Test
    void many_asManyAsAllowed_areOneQueryAndOneMoreIsRefused() {
        List<String> asked = new ArrayList<>(Collections.nCopies(998, "no" + "body.test"));
        asked.add("alice.test");
        asked.add(did("bob"));
        JsonNode accounts = api.post("/info", Map.of("accounts", asked)).json().get("accounts");
        assertThat(accounts).hasSize(1000);
        assertThat(accounts.get(999).get("did").textValue()).isEqualTo(did("bob"));
        asked.add("one.more");
        assertThat(api.post("/info", Map.of("accounts", asked)).status()).isEqualTo(400);
        assertThat(api.post("/info", Map.of("accounts", List.of())).json().get("accounts")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"accounts\": \"x\"}", "{\"accounts\": null}", "{\"accounts\": []} more"})
    void many_askedForWithNonsense_isRefused(String body) {
        Reply reply = Reply.post(api.address("/info"), "application/json", body.getBytes(StandardCharsets.UTF_8));
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().get("message").isTextual()).isTrue();
    }

    @Test
    void many_inABodyWithoutEnd_isRefused() {
        Reply reply = Reply.post(api.address("/info"), "application/json", new byte[600 * 1024]);
        assertThat(reply.status()).isEqualTo(413);
    }
}
