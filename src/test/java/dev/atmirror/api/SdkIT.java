package dev.atmirror.api;

import static dev.atmirror.testkit.KnownAccounts.did;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.app.IdentityUnderTest;
import dev.atmirror.identity.Json;
import dev.atmirror.testkit.ForeignProgram;
import dev.atmirror.testkit.KnownAccounts;
import dev.atmirror.testkit.TestDatabase;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The clients of the protocol with this mirror for a resolver: {@code @atproto/api}, {@code @atproto/identity}, that of OAuth
 * ({@code @atproto-labs/handle-resolver}), {@code @atcute/identity-resolver}, and indigo's {@code apidir}.
 */
class SdkIT {
    private static final String OTHER_METHOD = "did:web:example.com";

    private IdentityUnderTest api;

    @BeforeEach
    void start() {
        TestDatabase database = TestDatabase.create();
        database.migrate();
        KnownAccounts.fill(database);
        api = new IdentityUnderTest(database).checksTo(did("grace"), 'v');
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private JsonNode node(String... arguments) throws JsonProcessingException {
        ForeignProgram node = ForeignProgram.make(
                "sdk", List.of("node", "npm"), "node_modules/.package-lock.json", // npm writes it last
                "npm", "install", "--no-audit", "--no-fund", "--no-package-lock");
        return Json.parse(node.run(Stream.concat(Stream.of("node"), Stream.of(arguments)).toArray(String[]::new)));
    }

    @Test
    void clients_withTheMirrorForAResolver_resolve() throws Exception {
        String mirror = api.address("").toString();
        JsonNode said = node("resolve.mjs", mirror, "grace.test", did("grace"), did("dave"), "carol.test");
        JsonNode document = api.json("/" + did("grace"));
        assertThat(said.at("/resolveHandle/did").textValue()).isEqualTo(did("grace"));
        assertThat(said.at("/resolveDid/didDoc")).isEqualTo(document);
        assertThat(said.at("/resolveIdentity/handle").textValue()).isEqualTo("grace.test");
        assertThat(said.get("refreshIdentity")).isEqualTo(said.get("resolveIdentity"));
        assertThat(said.get("handleNotFound").textValue()).isEqualTo("400 InvalidRequest");
        assertThat(said.get("didDeactivated").textValue()).isEqualTo("404 DidDeactivated");
        assertThat(said.get("document")).isEqualTo(document);
        assertThat(said.at("/atproto/handle").textValue()).isEqualTo("grace.test");
        assertThat(said.at("/atproto/pds").textValue()).isEqualTo("https://two.test");
        assertThat(said.at("/atproto/signingKey").textValue()).isEqualTo("did:key:" + KnownAccounts.KEY_ANEW);
        assertThat(said.get("tombstone").isNull()).isTrue();
    }

    /** Issue 12, A8: no client takes "there is none" for a failure, or a failure for "there is none". */
    @Test
    void clients_askedForWhatIsNotThere_saySo() throws Exception {
        JsonNode said = node("absent.mjs", api.address("").toString(), "grace.test", "carol.test", "erin.test",
                did("grace"), did("nobody"), did("dave"), OTHER_METHOD);
        assertThat(said.get("oauth").toString())
                .isEqualTo("{\"known\":\"found\",\"unknown\":\"none\",\"silent\":\"HandleResolverError\"}");
        assertThat(said.get("atcuteHandle").toString())
                .isEqualTo("{\"known\":\"found\",\"unknown\":\"DidNotFoundError\",\"silent\":\"FailedHandleResolutionError\"}");
        assertThat(said.get("atcuteDid").toString())
                .isEqualTo("{\"known\":\"found\",\"unknown\":\"DocumentNotFoundError\",\"tombstone\":\"DocumentNotFoundError\","
                        + "\"other\":\"FailedDocumentResolutionError\"}");
        assertThat(said.get("apiDid").toString())
                .isEqualTo("{\"known\":\"found\",\"unknown\":\"DidNotFoundError\",\"tombstone\":\"DidDeactivatedError\",\"other\":\"XRPCError\"}");
        assertThat(said.get("apiIdentity").toString())
                .isEqualTo("{\"known\":\"found\",\"unknown\":\"DidNotFoundError\",\"tombstone\":\"DidDeactivatedError\",\"other\":\"XRPCError\","
                        + "\"handle\":\"found\",\"noHandle\":\"HandleNotFoundError\"}");
        assertThat(said.get("directory").toString()).isEqualTo("{\"known\":\"found\",\"unknown\":\"none\",\"tombstone\":\"none\"}");
    }

    /** Issue 12, A8. */
    @Test
    void indigo_askedForWhatIsNotThere_saysSo() throws Exception {
        String program = "resolve";
        ForeignProgram indigo = ForeignProgram.make("indigo", List.of("go"), program, "go", "build", "-o", program, ".");
        JsonNode said = Json.parse(indigo.run("./" + program, api.address("").toString(), "grace.test", "carol.test",
                "erin.test", did("grace"), did("nobody"), did("dave"), OTHER_METHOD));
        assertThat(said.get("identity grace.test").textValue()).isEqualTo("found");
        assertThat(said.get("handle " + did("grace")).textValue()).isEqualTo("grace.test");
        assertThat(said.get("did " + did("grace")).textValue()).isEqualTo("found");
        assertThat(said.get("identity carol.test").textValue()).as("it knows but one error here").isEqualTo("no such DID");
        assertThat(said.get("identity erin.test").textValue()).isEqualTo("failed");
        for (String absent : List.of(did("nobody"), did("dave"))) {
            assertThat(said.get("identity " + absent).textValue()).isEqualTo("no such DID");
            assertThat(said.get("did " + absent).textValue()).isEqualTo("no such DID");
        }
        assertThat(said.get("did " + OTHER_METHOD).textValue()).isEqualTo("failed");
    }
}
