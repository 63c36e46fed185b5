package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * {@code routes/failure-policies.camel.yaml}: the policy of those that name none, and what several exchanges show of one.
 * What the named ones do for one exchange is tested with the routes that name them.
 */
class FailurePoliciesRouteTest {
    private final List<Boolean> lastLane = new ArrayList<>();

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

    @Test
    void visit_thatFailsInOneOfTwoLanes_isReleasedWhenTheOtherHasEnded() throws Exception {
        CrawlUnderTest crawl = new CrawlUnderTest("pds-accounts", 10, 2);
        HostVisit visit = crawl.visit(1);
        try (RouteUnderTest route = RouteUnderTest.of("pds-accounts-host", "fetch-repos", "save-repos-and-cursor", "finish-list")
                .with(crawl.crawl, "crawl")
                .with(new RepoListing(crawl.crawl, crawl.metrics), "repoListing")
                .failing("fetch-repos", new SQLException("gone"))
                .answering("finish-list", lane -> lastLane.add(crawl.crawl.isLastLane(lane)))
                .start()) {
            route.send(visit);
            assertThat(route.passed()).containsExactly("fetch-repos");
            assertThat(crawl.rounds.visiting()).as("the other lane is under way").isEqualTo(1);
            route.send(visit);
            assertThat(route.passed()).as("the other lane asks nothing more").containsExactly("fetch-repos", "finish-list");
            assertThat(lastLane).as("and ends the visit").containsExactly(true);
        }
    }
}
