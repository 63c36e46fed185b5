package dev.atmirror.app;

import static dev.atmirror.testkit.KnownAccounts.did;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.testkit.KnownAccounts;
import dev.atmirror.testkit.TestDatabase;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Handles as they come out of pages and chats (issue 12, C21). */
class PastedHandlesIT {
    private static TestDatabase database;
    private static IdentityUnderTest api;

    @BeforeAll
    static void start() {
        database = TestDatabase.create();
        database.migrate();
        KnownAccounts.fill(database);
        database.run("insert into handle_name values (1, 0, 'alice.test')");
        api = new IdentityUnderTest(database);
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static Commands.Outcome lookup(String asked) {
        return Commands.run(Map.of("atmirror.postgres.url", database.url()), "lookup", asked);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "\u202A@alice.test\u202C", "\u2068alice.test\u2069", "@\u200Ealice.test", "\uFEFFalice.test\u200B", "alice.test\u00A0",
        "at://\u200Falice.test\u202E", " \u2066 @ALICE.test \u2067 "
    })
    void handle_withUnseenCharactersAround_isFoundEverywhere(String pasted) {
        assertThat(api.json("/info/" + encoded(pasted)).path("did").textValue()).isEqualTo(did("alice"));
        assertThat(api.post("/info", Map.of("accounts", List.of(pasted))).json().at("/accounts/0/did").textValue())
                .isEqualTo(did("alice"));
        assertThat(api.json("/history/" + encoded(pasted)).path("did").textValue()).isEqualTo(did("alice"));
        assertThat(api.json("/accounts?pastHandle=" + encoded(pasted)).path("pastHandle").textValue()).isEqualTo("alice.test");
        assertThat(api.json("/autocomplete/" + encoded(pasted)).at("/handles/0/did").textValue()).isEqualTo(did("alice"));
        Commands.Outcome outcome = lookup(pasted);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains(did("alice"));
    }

    @Test
    void did_withUnseenCharactersAround_isFound() {
        String pasted = "\u2066" + did("alice") + "\u200B";
        assertThat(api.json("/info/" + encoded(pasted)).path("handle").textValue()).isEqualTo("alice.test");
        assertThat(api.json("/history/" + encoded(pasted)).path("did").textValue()).isEqualTo(did("alice"));
    }

    @Test
    void error_aboutWhatHasUnseenCharactersInside_showsThem() {
        String inside = "ali\u200Bce.test";
        String shown = "ali<U+200B>ce.test";
        assertThat(api.json("/info/" + encoded(inside)).path("message").textValue()).isEqualTo("neither a DID nor a handle: " + shown);
        assertThat(api.post("/info", Map.of("accounts", List.of(inside))).json().at("/accounts/0/message").textValue()).contains(shown);
        assertThat(api.json("/history/" + encoded(inside)).path("message").textValue()).contains(shown);
        assertThat(api.json("/accounts?pastHandle=" + encoded(inside)).path("message").textValue()).isEqualTo("not a handle: " + shown);
        assertThat(api.json("/info/" + encoded("did:plc:a\u202Eb")).path("message").textValue()).isEqualTo("unknown DID: did:plc:a<U+202E>b");
        assertThat(api.json("/pds/" + encoded("\u200Bone\u202E.test") + "/accounts").path("message").textValue())
                .isEqualTo("unknown host: one<U+202E>.test");
        assertThat(lookup(inside).err()).contains(shown);
    }

    @Test
    void host_withUnseenCharactersAround_isFound() {
        assertThat(api.json("/pds/" + encoded("\u202Aone.test\u202C") + "/accounts").path("pds").textValue()).isEqualTo("https://one.test");
        assertThat(api.json("/pds/" + encoded("\u202Aone.test\u202C")).path("pds").textValue()).isEqualTo("https://one.test");
    }
}
