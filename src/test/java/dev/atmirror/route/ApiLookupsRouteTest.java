package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code routes/api-lookups.camel.yaml} */
class ApiLookupsRouteTest {
    private static ApiUnderTest api;

    @BeforeAll
    static void start() throws Exception {
        api = new ApiUnderTest("api-lookups", Map.of("reverse", new Reverse(), "changes", new Changes()));
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    /** Role {@code reverse}: each method answers with its name. */
    public static final class Reverse {
        public String accounts() {
            return "accounts";
        }

        public String atHost() {
            return "atHost";
        }
    }

    /** Role {@code changes} */
    public static final class Changes {
        public String history() {
            return "history";
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /accounts?rotationKey=did:key:z&cursor=1, accounts",
        "GET, /accounts?pastHandle=alice.test, accounts",
        "GET, /pds/one.test/accounts, atHost",
        "GET, /pds/localhost:2583/accounts?limit=1, atHost",
        "GET, /history/did:plc:x, history",
        "GET, /history/alice.test?cursor=1-0, history"
    })
    void path_asked_reachesItsAnswer(String method, String path, String answer) {
        assertThat(api.ask(method, path)).isEqualTo("200 " + answer);
    }
}
