package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@code routes/failure-policies.camel.yaml}: the policy of those that name none; the named ones are tested with the routes that name them */
class FailurePoliciesRouteTest {
    /** Role {@code directory} with its database away. */
    public static final class Directory {
        public String document() {
            throw new IllegalStateException("no database");
        }

        public String failed() {
            return "said so";
        }
    }

    @Test
    void lookup_thatFails_isAnsweredByTheDirectory() throws Exception {
        try (ApiUnderTest api = new ApiUnderTest("api-directory", "directory", new Directory())) {
            assertThat(api.ask("GET", "/did:plc:x")).isEqualTo("200 said so");
        }
    }
}
