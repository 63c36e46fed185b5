package dev.atmirror.api;

import static dev.atmirror.testkit.KnownAccounts.did;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.app.IdentityUnderTest;
import dev.atmirror.app.Reply;
import dev.atmirror.testkit.KnownAccounts;
import dev.atmirror.testkit.TestDatabase;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code com.atproto.identity.*} and {@code resolveMiniDoc} with the shapes and error names of their lexicons. */
class IdentityXrpcIT {
    private static final String IDENTITY = "/xrpc/com.atproto.identity.";
    private static final String RESOLVE_HANDLE = IDENTITY + "resolveHandle?handle=";
    private static final String RESOLVE_DID = IDENTITY + "resolveDid?did=";
    private static final String RESOLVE_IDENTITY = IDENTITY + "resolveIdentity?identifier=";
    private static final String MINI_DOC = "/xrpc/blue.microcosm.identity.resolveMiniDoc?identifier=";
    private static TestDatabase database;
    private static IdentityUnderTest api;

    @BeforeAll
    static void start() {
        database = TestDatabase.create();
        database.migrate();
        KnownAccounts.fill(database);
        api = new IdentityUnderTest(database, "atmirror.refresh.per-client", "100");
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @ParameterizedTest
    @CsvSource({"alice.test, alice", "ALICE.test, alice", "grace.test, grace"})
    void resolveHandle_verified_isItsOwner(String handle, String name) {
        Reply reply = api.get(RESOLVE_HANDLE + handle);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Access-Control-Allow-Origin")).contains("*");
        assertThat(reply.json().toString()).isEqualTo("{\"did\":\"" + did(name) + "\"}");
    }

    @Test
    void resolveHandle_notCheckedYet_isCheckedNow() {
        try (IdentityUnderTest fresh = new IdentityUnderTest(database)) {
            fresh.checksTo(did("alina"), 'v');
            assertThat(fresh.json(RESOLVE_HANDLE + "alina.test").get("did").textValue()).isEqualTo(did("alina"));
            assertThat(fresh.checked()).containsExactly(did("alina"));
            assertThat(fresh.json(RESOLVE_HANDLE + "alina.test").get("did").textValue()).isEqualTo(did("alina"));
            assertThat(fresh.checked()).as("once is enough").hasSize(1);
        } finally {
            database.run("delete from handle_check where account = " + KnownAccounts.number("alina"));
        }
    }

    @Test
    void resolveHandle_claimedByTwoAndNotCheckedYet_isTheOneItPointsTo() {
        try (IdentityUnderTest fresh = new IdentityUnderTest(database)) {
            fresh.checksTo(did("frank"), 'e').checksTo(did("gina"), 'v');
            assertThat(fresh.json(RESOLVE_HANDLE + "frank.test").get("did").textValue()).isEqualTo(did("gina"));
        } finally {
            database.run("delete from handle_check where account in (7, 8)");
        }
    }

    /** Issue 12, A1: what an older claimant's check has found counts more than an older answer about the owner. */
    @Test
    void resolveHandle_namedByTheCheckOfAnOlderClaimant_isCheckedOnceMore() {
        try (IdentityUnderTest fresh = new IdentityUnderTest(database)) {
            database.run("insert into handle_check (account, parent, operation, result, checked_at, tried_at, points_to)"
                    + " values (8, 0, 8, 'n', now() - interval '1 day', now() - interval '1 day', ''),"
                    + " (7, 0, 7, 'e', now() - interval '1 hour', now() - interval '1 hour', '" + did("gina") + "')");
            fresh.checksTo(did("frank"), 'e').checksTo(did("gina"), 'v');
            assertThat(fresh.json("/info/frank.test").get("did").textValue()).isEqualTo(did("gina"));
            assertThat(fresh.json(RESOLVE_HANDLE + "frank.test").get("did").textValue()).isEqualTo(did("gina"));
            assertThat(fresh.checked()).containsExactly(did("gina"));
        } finally {
            database.run("delete from handle_check where account in (7, 8)");
        }
    }

    /** Issue 12, A1. */
    @Test
    void resolveHandle_ownerBehindAHundredOlderClaimants_isFound() {
        try (IdentityUnderTest fresh = new IdentityUnderTest(database)) {
            database.run("insert into plc_account select 1000 + n, 1000 + n, 'claimant' || n from generate_series(1, 150) n");
            database.run("insert into plc_operation select 1000 + n, timestamptz '2024-04-01Z' + n * interval '1 minute', 0, 1000 + n, 1, 1, 0,"
                    + " 'o', false, false, 'x' || n, '', 'zKey', 'frank.test' from generate_series(1, 150) n");
            fresh.checksTo("did:plc:claimant1", 'e').checksTo(did("gina"), 'v');
            assertThat(fresh.json(RESOLVE_HANDLE + "frank.test").get("did").textValue()).isEqualTo(did("gina"));
            assertThat(fresh.checked()).containsExactly("did:plc:claimant1", did("gina"));
        } finally {
            database.run("delete from plc_operation where id > 1000; delete from plc_account where id > 1000;"
                    + " delete from handle_check where account > 1000 or account in (7, 8)");
        }
    }

    /** Issue 12, A1: whatever a check of another claimant proves shows in every answer at once. */
    @Test
    void everyAnswer_whenAHandleHasChangedHands_namesTheNewOwner() {
        try (IdentityUnderTest fresh = new IdentityUnderTest(database)) {
            database.run("insert into handle_name_followed (seq) values (0) on conflict do nothing");
            database.run("insert into handle_name values (1, 0, 'alice.test'), (3, 2, 'alice.test') on conflict do nothing");
            long before = database.number("select max(seq) from handle_change");
            fresh.checksTo(did("mallory"), 'v');
            fresh.post(IDENTITY + "refreshIdentity", Map.of("identifier", did("mallory")));
            String owner = did("mallory");
            assertThat(fresh.json(RESOLVE_HANDLE + "alice.test").get("did").textValue()).isEqualTo(owner);
            assertThat(fresh.json(RESOLVE_IDENTITY + "alice.test").get("did").textValue()).isEqualTo(owner);
            assertThat(fresh.json(RESOLVE_IDENTITY + did("alice")).get("handle").textValue()).isEqualTo("handle.invalid");
            assertThat(fresh.json(MINI_DOC + "alice.test").get("did").textValue()).isEqualTo(owner);
            assertThat(fresh.json("/info/alice.test").get("did").textValue()).isEqualTo(owner);
            assertThat(fresh.json("/info/" + did("alice")).get("handleCheck").get("pointsTo").textValue()).isEqualTo(owner);
            assertThat(fresh.post("/info", Map.of("accounts", java.util.List.of("alice.test"))).json().at("/accounts/0/did").textValue())
                    .isEqualTo(owner);
            assertThat(fresh.json("/autocomplete/alice.test").toString()).contains(owner);
            assertThat(fresh.json("/autocomplete/alice.test").findValuesAsText("did").get(0)).isEqualTo(owner);
            assertThat(new String(fresh.get("/changes?kind=verification&did=" + did("alice")).body(), java.nio.charset.StandardCharsets.UTF_8))
                    .contains("\"points_elsewhere\"").contains(owner);
            assertThat(database.number("select count(*) from handle_change where account = 1 and seq > " + before)).isEqualTo(1);
        } finally {
            database.run("update handle_check set result = 'v', checked_at = now() where account = 1");
            database.run("delete from handle_name; delete from handle_name_followed");
        }
    }

    @Test
    void resolveHandle_checkedForOneClaimantToNoEffect_isNobodys() {
        try (IdentityUnderTest fresh = new IdentityUnderTest(database)) {
            fresh.checksTo(did("frank"), 'n');
            assertThat(fresh.json(RESOLVE_HANDLE + "frank.test").get("message").textValue()).isEqualTo("Unable to resolve handle");
            assertThat(fresh.checked()).containsExactly(did("frank"));
        } finally {
            database.run("delete from handle_check where account in (7, 8)");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "resolveHandle?handle=nobody.test, 400, InvalidRequest",
        "resolveHandle?handle=carol.test, 400, InvalidRequest",
        "resolveHandle?handle=old.test, 400, InvalidRequest",
        "resolveHandle?handle=nohandle, 400, InvalidRequest",
        "resolveHandle, 400, InvalidRequest",
        "resolveHandle?handle=erin.test, 502, UpstreamFailure",
        "resolveDid?did=did:plc:nobody, 404, DidNotFound",
        "resolveDid?did=did:web:alice.test, 400, InvalidRequest",
        "resolveDid?did=did:plc:davedaaaaaaaaaaaaaaaaaaaa, 404, DidNotFound",
        "resolveDid?did=alice.test, 400, InvalidRequest",
        "resolveDid, 400, InvalidRequest",
        "resolveIdentity?identifier=nobody.test, 404, HandleNotFound",
        "resolveIdentity?identifier=did:plc:nobody, 404, DidNotFound",
        "resolveIdentity?identifier=did:web:alice.test, 400, InvalidRequest",
        "resolveIdentity?identifier=%00, 400, InvalidRequest",
        "resolveIdentity?identifier=did:, 400, InvalidRequest",
    })
    void error_ofEachKind_hasItsName(String request, int status, String error) {
        Reply reply = api.get(IDENTITY + request);
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.json().get("error").textValue()).isEqualTo(error);
        assertThat(reply.json().get("message").isTextual()).isTrue();
    }

    /** Issue 12, A8: the very words that the clients for OAuth compare. */
    @Test
    void resolveHandle_none_isToldInTheWordsOfTheReference() {
        assertThat(api.json(RESOLVE_HANDLE + "carol.test").toString())
                .isEqualTo("{\"error\":\"InvalidRequest\",\"message\":\"Unable to resolve handle\",\"detail\":\"said the test\"}");
        assertThat(api.json(RESOLVE_HANDLE + "nobody.test").get("detail").textValue()).isEqualTo("no account declares it");
    }

    @Test
    void tombstone_resolved_isDeactivated() {
        for (String request : new String[] {RESOLVE_DID, RESOLVE_IDENTITY, MINI_DOC}) {
            Reply reply = api.get(request + did("dave"));
            assertThat(reply.status()).isEqualTo(request.equals(MINI_DOC) ? 400 : 404);
            assertThat(reply.json().get("error").textValue()).isEqualTo("DidDeactivated");
        }
    }

    @Test
    void resolveHandle_unreachableAMomentAgo_isNotCheckedAgain() {
        api.get(RESOLVE_HANDLE + "erin.test");
        assertThat(api.checked()).doesNotContain(did("erin"));
    }

    @Test
    void resolveDid_known_isTheDirectorysDocument() {
        JsonNode document = api.json(RESOLVE_DID + did("grace")).get("didDoc");
        assertThat(document).isEqualTo(api.json("/" + did("grace")));
    }

    @Test
    void resolveIdentity_byHandleOrDid_isTheSame() {
        JsonNode identity = api.json(RESOLVE_IDENTITY + "grace.test");
        assertThat(identity.get("did").textValue()).isEqualTo(did("grace"));
        assertThat(identity.get("handle").textValue()).isEqualTo("grace.test");
        assertThat(identity.get("didDoc")).isEqualTo(api.json("/" + did("grace")));
        assertThat(api.json(RESOLVE_IDENTITY + did("grace"))).isEqualTo(identity);
    }

    @Test
    void resolveIdentity_ofWhatDoesNotMatch_hasNoHandle() {
        assertThat(api.json(RESOLVE_IDENTITY + did("mallory")).get("handle").textValue()).isEqualTo("handle.invalid");
    }

    @Test
    void refreshIdentity_asked_checksAndAnswers() {
        try (IdentityUnderTest fresh = new IdentityUnderTest(database, "atmirror.refresh.per-client", "2")) {
            fresh.checksTo(did("bob"), 'v');
            JsonNode bob = fresh.post(IDENTITY + "refreshIdentity", Map.of("identifier", did("bob"))).json();
            assertThat(bob.get("handle").textValue()).isEqualTo("bob.test");
            fresh.checksTo(did("bob"), 'n');
            Reply gone = fresh.post(IDENTITY + "refreshIdentity", Map.of("identifier", "bob.test"));
            assertThat(gone.json().get("error").textValue()).isEqualTo("HandleNotFound");
            Reply refused = fresh.post(IDENTITY + "refreshIdentity", Map.of("identifier", did("bob")));
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.json().get("error").textValue()).isEqualTo("RateLimitExceeded");
            assertThat(refused.header("Retry-After")).isPresent();
            assertThat(fresh.post(IDENTITY + "refreshIdentity", Map.of("identifier", did("dave"))).json().get("error").textValue())
                    .isEqualTo("DidDeactivated");
            assertThat(fresh.post(IDENTITY + "refreshIdentity", Map.of()).status()).isEqualTo(400);
        } finally {
            database.run("delete from handle_check where account = " + KnownAccounts.number("bob"));
        }
    }

    @Test
    void miniDoc_known_isAllThatAnAppNeeds() {
        assertThat(api.json(MINI_DOC + "grace.test").toString())
                .isEqualTo("{\"did\":\"" + did("grace") + "\",\"handle\":\"grace.test\",\"pds\":\"https://two.test\","
                        + "\"signing_key\":\"" + KnownAccounts.KEY_ANEW + "\"}");
        assertThat(api.json(MINI_DOC + did("mallory")).get("handle").textValue()).isEqualTo("handle.invalid");
    }
}
