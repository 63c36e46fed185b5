package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code routes/api-directory.camel.yaml} */
class ApiDirectoryRouteTest {
    private static ApiUnderTest api;

    @BeforeAll
    static void start() throws Exception {
        api = new ApiUnderTest("api-directory", "directory", new Directory());
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    /** Role {@code directory}: each method answers with its name. */
    public static final class Directory {
        public String document() {
            return "document";
        }

        public String data() {
            return "data";
        }

        public String log() {
            return "log";
        }

        public String audit() {
            return "audit";
        }

        public String last() {
            return "last";
        }

        public String failed() {
            return "failed";
        }

        public String refuseWrite() {
            return "refuseWrite";
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /did:plc:x, document",
        "GET, /did:plc:x/data, data",
        "GET, /did:plc:x/log, log",
        "GET, /did:plc:x/log/audit, audit",
        "GET, /did:plc:x/log/last, last",
        "POST, /did:plc:x, refuseWrite"
    })
    void path_asked_reachesItsAnswer(String method, String path, String answer) {
        assertThat(api.ask(method, path)).isEqualTo("200 " + answer);
    }
}
