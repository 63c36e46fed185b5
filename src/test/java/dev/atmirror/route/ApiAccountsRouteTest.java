package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code routes/api-accounts.camel.yaml} */
class ApiAccountsRouteTest {
    private static ApiUnderTest api;

    @BeforeAll
    static void start() throws Exception {
        api = new ApiUnderTest(
                "api-accounts",
                Map.of("accounts", new Accounts(), "autocomplete", new Autocomplete()));
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    /** Role {@code accounts}: each method answers with its name. */
    public static final class Accounts {
        public String info() {
            return "info";
        }

        public String many() {
            return "many";
        }
    }

    /** Role {@code autocomplete} */
    public static final class Autocomplete {
        public String complete() {
            return "complete";
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /info/did:plc:x, info",
        "GET, /info/alice.test, info",
        "GET, /info/alice.test?refresh=true, info",
        "POST, /info, many",
        "GET, /autocomplete/ali?limit=3, complete",
        "GET, /autocomplete/%25, complete"
    })
    void path_asked_reachesItsAnswer(String method, String path, String answer) {
        assertThat(api.ask(method, path)).isEqualTo("200 " + answer);
    }
}
