package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code routes/api-service.camel.yaml} */
class ApiServiceRouteTest {
    private static ApiUnderTest api;

    @BeforeAll
    static void start() throws Exception {
        api = new ApiUnderTest("api-service", "service", new Service());
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    /** Role {@code service}: each method answers with its name. */
    public static final class Service {
        public String home() {
            return "home";
        }

        public String health() {
            return "health";
        }

        public String ready() {
            return "ready";
        }

        public String metrics() {
            return "metrics";
        }

        public String openapi() {
            return "openapi";
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /, home",
        "GET, /_health, health",
        "GET, /ready, ready",
        "GET, /metrics, metrics",
        "GET, /openapi.json, openapi"
    })
    void path_asked_reachesItsAnswer(String method, String path, String answer) {
        assertThat(api.ask(method, path)).isEqualTo("200 " + answer);
    }
}
