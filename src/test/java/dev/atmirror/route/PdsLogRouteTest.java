package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** {@code routes/pds-log.camel.yaml} */
class PdsLogRouteTest {
    private final CrawlBeans beans = new CrawlBeans();

    private RouteUnderTest route() {
        return beans.in(RouteUnderTest.of("pds-log", "add-accounts-and-move-cursor"), "hostFinder", "crawl");
    }

    @Test
    void log_untilItsEnd_isFollowed() throws Exception {
        beans.answering("isBehindTheLog", true, true);
        try (RouteUnderTest route = route().start()) {
            route.send("");
            assertThat(beans.calls())
                    .containsExactly(
                            "hostFinder.askForAccounts",
                            "hostFinder.followed",
                            "hostFinder.askForAccounts",
                            "hostFinder.followed");
            assertThat(route.received("add-accounts-and-move-cursor")).hasSize(2);
        }
    }

    @Test
    void log_notFollowed_isLeftToTheNextRound() throws Exception {
        beans.answering("isBehindTheLog", true, true);
        try (RouteUnderTest route = route().start().failing("add-accounts-and-move-cursor", new SQLException("gone"))) {
            route.send("");
            assertThat(beans.calls()).containsExactly("hostFinder.askForAccounts", "crawl.broken");
        }
    }
}
