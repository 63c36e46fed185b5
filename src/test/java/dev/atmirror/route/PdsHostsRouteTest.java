package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** {@code routes/pds-hosts.camel.yaml} */
class PdsHostsRouteTest {
    private static final String END_OF_LOG = "find-the-end-of-the-log";
    private static final String ENDPOINTS = "add-hosts-of-the-log";
    private static final String ACCOUNTS = "add-accounts-of-the-log";
    private static final String FILE = "add-hosts-of-the-file";
    private static final String RELAY = "add-hosts-of-the-relay";
    private static final String CHECK = "check-hosts";
    private final CrawlUnderTest crawl = new CrawlUnderTest("pds-hosts");
    private final HostFinder finder =
            new HostFinder(new HostFinder.Sources(false, List.of(), Optional.empty(), List.of("one.test")));

    private RouteUnderTest route() {
        return RouteUnderTest.of("pds-hosts", END_OF_LOG, ENDPOINTS, ACCOUNTS, FILE, RELAY, CHECK)
                .with(finder, "hostFinder")
                .with(crawl.crawl, "crawl")
                .rows(END_OF_LOG, List.of(Map.of("from", 3L, "end", 10L)));
    }

    @Test
    void hosts_ofAllSources_areKnownBeforeTheyAreChecked() throws Exception {
        List<Boolean> known = new ArrayList<>();
        try (RouteUnderTest route = route()
                .answering(RELAY, asked -> known.add(finder.hasFinished()))
                .answering(CHECK, asked -> known.add(finder.hasFinished()))
                .start()) {
            assertThat(route.send("wake").isFailed()).isFalse();
            assertThat(route.passed()).containsExactly(END_OF_LOG, ENDPOINTS, ACCOUNTS, FILE, RELAY, CHECK);
            assertThat(known).containsExactly(false, true);
            assertThat(finder.isBehindTheLog()).as("what pds-log goes on with").isTrue();
            assertThat((String[]) route.bodies(FILE, Map.class).get(0).get("pdses")).containsExactly("https://one.test");
        }
    }

    @Test
    void hosts_beforeTheLogHasCaughtUp_areLeftToALaterRound() throws Exception {
        crawl.beforeTheLogHasCaughtUp();
        try (RouteUnderTest route = route().start()) {
            route.send("wake");
            assertThat(route.passed()).isEmpty();
            assertThat(finder.hasFinished()).isFalse();
        }
    }

    @Test
    void hosts_notStored_areNeitherKnownNorChecked() throws Exception {
        try (RouteUnderTest route = route().failing(FILE, new SQLException("gone")).start()) {
            assertThat(route.send("wake").isFailed()).isFalse();
            assertThat(route.passed()).containsExactly(END_OF_LOG, ENDPOINTS, ACCOUNTS, FILE);
            assertThat(finder.hasFinished()).isFalse();
        }
    }
}
