package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code routes/api-hosts.camel.yaml} */
class ApiHostsRouteTest {
    private static ApiUnderTest api;

    @BeforeAll
    static void start() throws Exception {
        api = new ApiUnderTest("api-hosts", "hosts", new Hosts());
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    /** Role {@code hosts}: each method answers with its name. */
    public static final class Hosts {
        public String list() {
            return "list";
        }

        public String one() {
            return "one";
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /pds, list",
        "GET, /pds?state=live, list",
        "GET, /pds/one.test, one",
        "GET, /pds/localhost:2583, one"
    })
    void path_asked_reachesItsAnswer(String method, String path, String answer) {
        assertThat(api.ask(method, path)).isEqualTo("200 " + answer);
    }
}
