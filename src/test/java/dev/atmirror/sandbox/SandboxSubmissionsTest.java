package dev.atmirror.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.identity.DidKey;
import dev.atmirror.identity.Json;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SandboxSubmissionsTest {
    private static final SigningKey STRONG = SigningKey.of(DidKey.Curve.P256, "test/strong");
    private static final SigningKey WEAK = SigningKey.of(DidKey.Curve.SECP256K1, "test/weak");

    private volatile Instant now = Instant.parse("2026-03-01T12:00:00Z");
    private Sandbox sandbox;
    private SandboxClient client;
    private Account account;

    @BeforeEach
    void start() {
        sandbox = Sandbox.start(SandboxSettings.builder().operations(20).rate(0).build(), () -> now);
        client = new SandboxClient(sandbox);
        account = Account.create(state("alice.test"), List.of(STRONG, WEAK), 1, now);
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private static ObjectNode state(String handle) {
        ObjectNode state = Json.MAPPER.createObjectNode();
        state.putObject("verificationMethods").put("atproto", WEAK.didKey());
        state.putArray("alsoKnownAs").add("at://" + handle);
        state.putObject("services");
        return state;
    }

    private HttpResponse<String> send(Draft draft) throws Exception {
        return client.post("/" + draft.did(), draft.operation().json());
    }

    private void assertStored(Draft draft) throws Exception {
        HttpResponse<String> response = send(draft);
        assertThat(response.body()).isEqualTo("OK");
        assertThat(response.statusCode()).isEqualTo(200);
    }

    private void assertRefused(HttpResponse<String> response, String message) throws Exception {
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Json.parse(response.body()).path("message").asText()).startsWith(message);
    }

    private Draft rename(String handle) {
        now = now.plusSeconds(1);
        return account.update(state(handle), now);
    }

    @Test
    void post_genesisAndUpdate_areStoredAndStreamed() throws Exception {
        SandboxClient.Messages messages = client.stream("");
        await().until(() -> sandbox.streams() == 1);
        assertStored(account.birth());
        assertStored(rename("bob.test"));
        await().until(() -> messages.texts.size() == 2);
        assertThat(client.json("/" + account.did()).path("alsoKnownAs").path(0).asText()).isEqualTo("at://bob.test");
        assertThat(client.page("?after=" + (sandbox.operations().get(19).seq()))).hasSize(2);
    }

    @Test
    void post_recovery_nullifies() throws Exception {
        assertStored(account.birth());
        assertStored(rename("thief.test"));
        now = now.plus(Duration.ofHours(72));
        Account.Past genesis = account.genesis();
        assertStored(account.update(genesis, state("alice.test"), genesis.keys(), 0, now));
        JsonNode audit = client.json("/" + account.did() + "/log/audit");
        assertThat(audit.findValues("nullified").stream().map(JsonNode::booleanValue))
                .containsExactly(false, true, false);
        assertThat(client.json("/" + account.did() + "/log")).hasSize(2);
    }

    @Test
    void post_recoveryAfter72h_isRefused() throws Exception {
        assertStored(account.birth());
        assertStored(rename("thief.test"));
        now = now.plus(Duration.ofHours(72)).plusMillis(1);
        Account.Past genesis = account.genesis();
        Draft late = account.update(genesis, state("alice.test"), genesis.keys(), 0, now);
        assertRefused(send(late), "Recovery operation occurred outside of the allowed 72 hr recovery window.");
    }

    @Test
    void post_twoOfOneMillisecond_areBothStored() throws Exception {
        assertStored(account.birth());
        Draft second = account.update(state("bob.test"), now.plusMillis(1));
        assertStored(second);
    }

    @Test
    void post_ofAnotherDid_isRefused() throws Exception {
        assertRefused(
                client.post("/did:plc:aaaaaaaaaaaaaaaaaaaaaaaa", account.birth().operation().json()),
                "Hash of genesis operation does not match DID identifier: " + account.did());
    }

    @Test
    void post_withAForeignSignature_isRefused() throws Exception {
        assertStored(account.birth());
        ObjectNode unsigned = rename("bob.test").operation().json().deepCopy();
        unsigned.remove("sig");
        JsonNode forged = SigningKey.of(DidKey.Curve.SECP256K1, "test/foreign").sign(unsigned).json();
        assertRefused(client.post("/" + account.did(), forged), "Invalid signature on op: {");
    }

    @Test
    void post_ofTheSameAgain_isRefused() throws Exception {
        assertStored(account.birth());
        assertRefused(send(account.birth()), "Operations not correctly ordered");
    }

    @Test
    void post_updateWithoutGenesis_isRefused() throws Exception {
        assertRefused(send(rename("bob.test")), "Improperly formatted operation");
    }

    @Test
    void post_malformed_isRefused() throws Exception {
        String did = "/" + account.did();
        assertRefused(client.post(did, "{}"), "Not a valid operation: {}");
        assertRefused(client.post(did, ""), "Not a valid operation: {}");
        assertRefused(client.post(did, "[1]"), "Not a valid operation: [1]");
        assertThat(client.post(did, "{\"oops").statusCode()).isEqualTo(400);
        ObjectNode unknown = account.birth().operation().json().deepCopy().put("extra", 1);
        assertRefused(client.post(did, unknown), "Not a valid operation: ");
        ObjectNode large = account.birth().operation().json().deepCopy();
        large.putArray("alsoKnownAs").add("x".repeat(4_000));
        assertRefused(client.post(did, large), "Operation too large");
        assertThat(client.post(did, "\"" + "x".repeat(200_000) + "\"").statusCode()).isEqualTo(413);
    }

    @Test
    void post_tenWithinAnHour_isRefused() throws Exception {
        assertStored(account.birth());
        for (int i = 0; i < 9; i++) {
            assertStored(rename("name" + i + ".test"));
        }
        Draft more = rename("more.test");
        assertRefused(send(more), "To many operations within last hour (max 10)");
        now = now.plus(Duration.ofHours(1));
        assertStored(more);
    }
}
