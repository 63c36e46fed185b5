package dev.atmirror.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.identity.Json;
import dev.atmirror.testkit.CrawledAccounts;
import dev.atmirror.testkit.FakeUpstream;
import dev.atmirror.testkit.MirrorRun;
import dev.atmirror.testkit.TestDatabase;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the stages that ask hosts found, as clients get it. */
class HostsAndReposIT {
    private static final String LIST = "/xrpc/com.atproto.sync.listReposByCollection?collection=";
    private static FakeUpstream upstream;
    private static MirrorRun run;

    @BeforeAll
    static void start() {
        TestDatabase database = TestDatabase.create();
        database.migrate();
        CrawledAccounts.fill(database);
        upstream = new FakeUpstream(List.of());
        run = MirrorRun.start(database, upstream).awaitCaughtUp();
    }

    @AfterAll
    static void stop() {
        run.close();
        upstream.close();
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return run.get(path);
    }

    private static JsonNode json(String path) throws Exception {
        return Json.parse(get(path).body());
    }

    private static List<String> dids(String query) throws Exception {
        return json(LIST + query).get("repos").findValuesAsText("did");
    }

    @Test
    void hosts_pageByPage_areAllThereOnce() throws Exception {
        JsonNode first = json("/pds?limit=2");
        JsonNode second = json("/pds?limit=2&cursor=" + first.get("cursor").textValue());
        List<String> all = new ArrayList<>(first.get("hosts").findValuesAsText("pds"));
        all.addAll(second.get("hosts").findValuesAsText("pds"));
        assertThat(all).containsExactly("https://big.test", "http://small.test:8080", "https://gone.test");
        assertThat(second.has("cursor")).isFalse();
        JsonNode big = first.get("hosts").get(0);
        assertThat(big.get("state").textValue()).isEqualTo("live");
        assertThat(big.get("software").textValue()).isEqualTo("0.4.1");
        assertThat(big.get("active").longValue()).isEqualTo(9);
        assertThat(big.get("lastError").isNull()).isTrue();
    }

    @Test
    void hosts_byState_areThoseAlone() throws Exception {
        assertThat(json("/pds?state=dead").get("hosts").findValuesAsText("pds")).containsExactly("https://gone.test");
        assertThat(json("/pds?state=new").get("hosts")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"state=odd", "limit=0", "limit=1001", "limit=x", "cursor=x", "cursor=-1"})
    void hosts_parameterThatCannotBe_is400(String query) throws Exception {
        assertThat(get("/pds?" + query).statusCode()).isEqualTo(400);
        assertThat(json("/pds?" + query).get("message").textValue()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "big.test, https://big.test",
        "BIG.test., https://big.test",
        "https%3A%2F%2Fbig.test%2F, https://big.test",
        "small.test:8080, http://small.test:8080",
        "http%3A%2F%2Fsmall.test:8080, http://small.test:8080"
    })
    void host_howeverItIsNamed_isFound(String named, String pds) throws Exception {
        assertThat(json("/pds/" + named).get("pds").textValue()).isEqualTo(pds);
    }

    @Test
    void host_withAccounts_isToldInFull() throws Exception {
        JsonNode host = json("/pds/big.test");
        assertThat(host.get("statuses"))
                .isEqualTo(Json.parse("{\"active\":9,\"deactivated\":1,\"takendown\":1,\"unknown\":1}"));
        assertThat(host.at("/server/did").textValue()).isEqualTo("did:web:big.test");
        assertThat(host.at("/list/passes").intValue()).isEqualTo(2);
        assertThat(host.get("sources").toString()).isEqualTo("[\"log\",\"relay\"]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"other.test", "http%3A%2F%2Fbig.test", "a%20b", "%27"})
    void host_unknown_is404(String named) throws Exception {
        assertThat(get("/pds/" + named).statusCode()).isEqualTo(404);
        assertThat(json("/pds/" + named).get("message").textValue()).startsWith("unknown host: ");
    }

    @Test
    void collection_whatever_namesActiveAccountsAlone() throws Exception {
        assertThat(dids("app.test.post"))
                .containsExactly(
                        "did:plc:a1", "did:plc:a2", "did:plc:a5", "did:plc:a6", "did:plc:a7", "did:plc:a8", "did:plc:a9",
                        "did:plc:a10", "did:plc:a12");
        assertThat(dids("app.test.rare")).containsExactly("did:plc:a1", "did:plc:a5");
        assertThat(json(LIST + "app.test.none").toString()).isEqualTo("{\"repos\":[]}");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8, 9, 10})
    void collection_pageByPage_isTheWhole(int limit) throws Exception {
        List<String> all = new ArrayList<>();
        String cursor = "";
        while (cursor != null) {
            JsonNode page = json(LIST + "app.test.post&limit=" + limit + cursor);
            assertThat(page.get("repos").size()).isPositive().isLessThanOrEqualTo(limit);
            all.addAll(page.get("repos").findValuesAsText("did"));
            cursor = page.has("cursor") ? "&cursor=" + page.get("cursor").textValue() : null;
        }
        assertThat(all).isEqualTo(dids("app.test.post"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "x", "no.nsid", "app.test.post&limit=0", "app.test.post&limit=2001", "app.test.post&limit=1.5",
        "app.test.post&cursor=x", "app.test.*"
    })
    void collection_requestThatCannotBe_isInvalidRequest(String query) throws Exception {
        assertThat(get(LIST + query).statusCode()).isEqualTo(400);
        assertThat(json(LIST + query).get("error").textValue()).isEqualTo("InvalidRequest");
        assertThat(json(LIST + query).get("message").textValue()).isNotEmpty();
    }

    @Test
    void xrpc_anyOtherMethod_isNotImplemented() throws Exception {
        assertThat(get("/xrpc/com.atproto.repo.getRecord").statusCode()).isEqualTo(501);
        assertThat(json("/xrpc/com.atproto.repo.getRecord").get("error").textValue()).isEqualTo("MethodNotImplemented");
    }

    @Test
    void info_whatTheNamedHostSays_isTheState() throws Exception {
        assertThat(json("/info/did:plc:a1").get("active").booleanValue()).isTrue();
        assertThat(json("/info/did:plc:a1").has("status")).isFalse();
        assertThat(json("/info/h3.test").get("active").booleanValue()).isFalse();
        assertThat(json("/info/h3.test").get("status").textValue()).isEqualTo("takendown");
        assertThat(json("/info/did:plc:a4").has("active")).isFalse();
        assertThat(json("/info/did:plc:a12").get("active").booleanValue()).isTrue();
        assertThat(json("/info/did:plc:a12").has("status")).as("a status says why an account is not active").isFalse();
        assertThat(get("/pds/small.test:8080/accounts").body()).contains("did:plc:a12").doesNotContain("desynchronized");
    }

    /** Issue 12, A10: "not registered" alone sent people looking for what had become of their account. */
    @ParameterizedTest
    @ValueSource(strings = {
        "/did:web:example.com", "/did:web:example.com/log/audit", "/info/did:web:example.com", "/history/did:web:example.com",
        "/xrpc/com.atproto.identity.resolveDid?did=did:web:example.com",
        "/xrpc/com.atproto.identity.resolveIdentity?identifier=did:web:example.com",
    })
    void did_ofAnotherMethod_isSaidNotToBeMirrored(String path) throws Exception {
        assertThat(json(path).get("message").textValue()).contains("did:web:example.com").endsWith(" (only did:plc is mirrored)");
        assertThat(json(path.replace("did:web:example.com", "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa")).get("message").textValue())
                .doesNotContain("only");
    }

    @Test
    void ready_afterStagesThatAskHosts_saysHowFarTheyAre() throws Exception {
        JsonNode stages = json("/ready").get("stages");
        assertThat(stages.at("/pds-hosts/hosts")).isEqualTo(Json.parse("{\"new\":0,\"live\":1,\"failing\":1,\"dead\":1}"));
        assertThat(stages.at("/pds-hosts/followedSeq").longValue()).isEqualTo(12);
        assertThat(stages.at("/pds-hosts/on").booleanValue()).isFalse();
        assertThat(stages.at("/pds-accounts/repos").longValue()).isEqualTo(12);
        assertThat(stages.at("/pds-accounts/hostsLeft").longValue()).isEqualTo(1);
        assertThat(stages.at("/describe-repo/left").longValue()).isEqualTo(4);
        assertThat(stages.at("/recent-records/left").longValue()).isEqualTo(2);
        assertThat(stages.has("plc-logs")).isTrue();
    }

    @Test
    void metrics_ofHosts_areByStateAndNeverByName() throws Exception {
        await().atMost(Duration.ofSeconds(20)).until(() -> run.metric("atmirror_pds_hosts", "state=\"live\"") == 1);
        String text = get("/metrics").body();
        assertThat(text).contains("# HELP atmirror_pds_hosts Hosts", "# HELP atmirror_crawl_left What").doesNotContain("big.test");
        assertThat(run.metric("atmirror_crawl_left", "stage=\"describe-repo\"")).isEqualTo(4);
    }
}
