package dev.atmirror.route;

import static dev.atmirror.route.CrawlUnderTest.Answer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.route.CrawlUnderTest.Answer;
import java.sql.SQLException;
import java.util.Map;
import org.apache.camel.Processor;
import org.junit.jupiter.api.Test;

/** {@code routes/pds-check-host.camel.yaml} */
class PdsCheckHostRouteTest {
    private static final String DESCRIPTION = "fetch-description";
    private static final String VERSION = "fetch-version";
    private static final String SAVE = "save-description";
    private static final String NAMES = "find-its-leading-name";
    private static final String END = "end-check";
    private static final Answer DESCRIBED = ok("{'availableUserDomains':['.one.test']}");
    private final CrawlUnderTest crawl = new CrawlUnderTest("pds-hosts");
    private final HostVisit visit = crawl.visit(1);

    private RouteUnderTest route(Answer... answers) {
        Processor host = crawl.host(answers);
        return RouteUnderTest.of("pds-check-host", DESCRIPTION, VERSION, SAVE, NAMES, END)
                .with(crawl.crawl, "crawl")
                .with(new HostCheck(crawl.crawl, crawl.metrics), "hostCheck")
                .answering(DESCRIPTION, host)
                .answering(VERSION, host);
    }

    @Test
    void host_thatDescribesItself_isSavedWithItsVersion() throws Exception {
        try (RouteUnderTest route = route(DESCRIBED, ok("{'version':'0.4.1'}")).start()) {
            route.send(visit);
            assertThat(crawl.asked()).containsExactly(
                    "https://h1.test/xrpc/com.atproto.server.describeServer?", "https://h1.test/xrpc/_health?");
            assertThat(route.bodies(SAVE, Map.class).get(0)).containsEntry("host", 1).containsEntry("software", "0.4.1");
            assertThat(route.passed()).containsExactly(DESCRIPTION, VERSION, SAVE, NAMES, END);
        }
    }

    @Test
    void host_withoutAVersion_isSavedAllTheSame() throws Exception {
        try (RouteUnderTest route = route(DESCRIBED, new Answer(500, "")).start()) {
            route.send(visit);
            assertThat(route.bodies(SAVE, Map.class).get(0)).containsEntry("software", null);
        }
    }

    @Test
    void host_thatIsNoPds_isAskedOnceAndItsVisitEnds() throws Exception {
        try (RouteUnderTest route = route(new Answer(404, "<html>")).start()) {
            route.send(visit);
            assertThat(route.passed()).containsExactly(DESCRIPTION, END);
            assertThat(visit.isGone()).isTrue();
        }
    }

    @Test
    void host_notSaved_isReleasedWithoutBlame() throws Exception {
        try (RouteUnderTest route = route(DESCRIBED, ok("{}")).failing(SAVE, new SQLException("gone")).start()) {
            assertThat(route.send(visit).isFailed()).isFalse();
            assertThat(route.received(END)).as("nothing is noted").isEmpty();
            assertThat(visit.error()).isEmpty();
            assertThat(crawl.rounds.visiting()).isZero();
        }
    }
}
