package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code routes/api-snapshots.camel.yaml} */
class ApiSnapshotsRouteTest {
    private static ApiUnderTest api;

    @BeforeAll
    static void start() throws Exception {
        api = new ApiUnderTest("api-snapshots", "snapshots", new Snapshots());
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    /** Role {@code snapshots}: each method answers with its name. */
    public static final class Snapshots {
        public String index() {
            return "index";
        }

        public String list() {
            return "list";
        }

        public String latest() {
            return "latest";
        }

        public String latestOf() {
            return "latestOf";
        }

        public String missing() {
            return "missing";
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /snapshots, index",
        "GET, /snapshots/, index",
        "GET, /snapshots/index.json, list",
        "GET, /snapshots/latest, latest",
        "GET, /snapshots/latest/all, latestOf",
        "GET, /snapshots/all-20260304.sql.zst, missing"
    })
    void path_asked_reachesItsAnswer(String method, String path, String answer) {
        assertThat(api.ask(method, path)).isEqualTo("200 " + answer);
    }
}
