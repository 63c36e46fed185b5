package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code routes/api-changes.camel.yaml} */
class ApiChangesRouteTest {
    private static ApiUnderTest api;

    @BeforeAll
    static void start() throws Exception {
        api = new ApiUnderTest("api-changes", "changes", new Changes());
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    /** Role {@code changes}: each method answers with its name. */
    public static final class Changes {
        public String list() {
            return "list";
        }

        public String refuse() {
            return "refuse";
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /changes, list",
        "GET, /changes?cursor=1-2&kind=handle, list",
        "GET, /changes/stream, refuse"
    })
    void path_asked_reachesItsAnswer(String method, String path, String answer) {
        assertThat(api.ask(method, path)).isEqualTo("200 " + answer);
    }
}
