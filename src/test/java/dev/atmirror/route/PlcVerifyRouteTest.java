package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@code routes/plc-verify.camel.yaml} */
class PlcVerifyRouteTest {
    private final NotedBeans beans = new NotedBeans();

    private RouteUnderTest route() throws Exception {
        return RouteUnderTest.of("plc-verify", "hand-to-storage")
                .with(beans, "operationVerifier", "storedPages")
                .start();
    }

    @Test
    void page_verified_isLaidOutAndHandedOn() throws Exception {
        try (RouteUnderTest route = route()) {
            route.send("a page");
            assertThat(beans.calls()).containsExactly("verify", "layOut");
            assertThat(route.received("hand-to-storage")).hasSize(1);
        }
    }

    @Test
    void page_notToBeJudged_startsAgain() throws Exception {
        beans.failing(new IllegalStateException("no database"));
        try (RouteUnderTest route = route()) {
            assertThat(route.send("a page").isFailed()).isFalse();
            assertThat(beans.calls()).containsExactly("verify", "startAgain");
            assertThat(route.received("hand-to-storage")).isEmpty();
        }
    }
}
