package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code routes/api-xrpc.camel.yaml} */
class ApiXrpcRouteTest {
    private static ApiUnderTest api;

    @BeforeAll
    static void start() throws Exception {
        api = new ApiUnderTest("api-xrpc", "xrpc", new Xrpc());
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    /** Role {@code xrpc}: each method answers with its name. */
    public static final class Xrpc {
        public String listReposByCollection() {
            return "listReposByCollection";
        }

        public String unknown() {
            return "unknown";
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /xrpc/com.atproto.sync.listReposByCollection, listReposByCollection",
        "GET, /xrpc/com.atproto.sync.listReposByCollection?collection=x.y.z, listReposByCollection",
        "POST, /xrpc/com.atproto.sync.listReposByCollection, unknown",
        "GET, /xrpc/com.atproto.sync.listRepos, unknown",
        "POST, /xrpc/com.atproto.repo.createRecord, unknown"
    })
    void method_asked_reachesItsAnswer(String method, String path, String answer) {
        assertThat(api.ask(method, path)).isEqualTo("200 " + answer);
    }
}
