package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code routes/api-identity.camel.yaml} */
class ApiIdentityRouteTest {
    private static ApiUnderTest api;

    @BeforeAll
    static void start() throws Exception {
        api = new ApiUnderTest("api-identity", "identity", new Identity());
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    /** Role {@code identity}: each method answers with its name. */
    public static final class Identity {
        public String resolveHandle() {
            return "resolveHandle";
        }

        public String resolveDid() {
            return "resolveDid";
        }

        public String resolveIdentity() {
            return "resolveIdentity";
        }

        public String resolveMiniDoc() {
            return "resolveMiniDoc";
        }

        public String refreshIdentity() {
            return "refreshIdentity";
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /xrpc/com.atproto.identity.resolveHandle?handle=a.test, resolveHandle",
        "GET, /xrpc/com.atproto.identity.resolveDid?did=did:plc:x, resolveDid",
        "GET, /xrpc/com.atproto.identity.resolveIdentity?identifier=a.test, resolveIdentity",
        "GET, /xrpc/blue.microcosm.identity.resolveMiniDoc?identifier=a.test, resolveMiniDoc",
        "POST, /xrpc/com.atproto.identity.refreshIdentity, refreshIdentity"
    })
    void method_asked_reachesItsAnswer(String method, String path, String answer) {
        assertThat(api.ask(method, path)).isEqualTo("200 " + answer);
    }
}
