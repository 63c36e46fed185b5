package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** {@code routes/pds-hosts.camel.yaml} */
class PdsHostsRouteTest {
    private final CrawlBeans beans = new CrawlBeans();

    private RouteUnderTest route() {
        return beans.in(RouteUnderTest.of("pds-hosts", "find-the-end-of-the-log", "add-hosts-of-the-log", "add-accounts-of-the-log", "add-hosts-of-the-file", "add-hosts-of-the-relay", "check-hosts"), "hostFinder", "crawl");
    }

    @Test
    void hosts_onceTheLogHasCaughtUp_areFoundAndThenChecked() throws Exception {
        beans.answering("mayBegin", true);
        try (RouteUnderTest route = route().start()) {
            route.send("wake");
            assertThat(beans.calls()).containsExactly("hostFinder.begin", "hostFinder.readFile", "hostFinder.finish");
            assertThat(route.received("add-accounts-of-the-log")).hasSize(1);
            assertThat(route.received("check-hosts")).hasSize(1);
        }
    }

    @Test
    void hosts_beforeTheLogHasCaughtUp_areNotLookedFor() throws Exception {
        try (RouteUnderTest route = route().start()) {
            route.send("wake");
            assertThat(beans.calls()).isEmpty();
            assertThat(route.received("check-hosts")).isEmpty();
        }
    }

    @Test
    void hosts_notAdded_areNotCheckedThisTime() throws Exception {
        beans.answering("mayBegin", true);
        try (RouteUnderTest route = route().start().failing("add-hosts-of-the-file", new SQLException("gone"))) {
            assertThat(route.send("wake").isFailed()).isFalse();
            assertThat(beans.calls()).endsWith("crawl.broken");
            assertThat(route.received("check-hosts")).isEmpty();
        }
    }
}
