package dev.atmirror.route;

import dev.atmirror.pds.HostAnswer;
import dev.atmirror.pds.MalformedAnswer;
import dev.atmirror.pds.ServerDescription;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;

/** Bean {@code hostCheck}: whether a host is there, and what it says of itself. */
public final class HostCheck {
    private static final String DESCRIPTION = "serverDescription";

    private final Crawl crawl;
    private final CrawlMetrics metrics;

    public HostCheck(Crawl crawl, CrawlMetrics metrics) {
        this.crawl = crawl;
        this.metrics = metrics;
    }

    public void askWhatItIs(Exchange exchange) {
        PdsRequests.ask(exchange, "xrpc/com.atproto.server.describeServer");
    }

    /** Keeps the description; a host without one is no PDS, or is not there. */
    public void readDescription(Exchange exchange) {
        HostVisit visit = Crawl.visit(exchange);
        HostAnswer answer = PdsRequests.answer(exchange);
        try {
            if (answer.isOk()) {
                exchange.setProperty(DESCRIPTION, ServerDescription.of(answer));
            } else if (answer.failure().isPresent()) {
                visit.gone(answer.failure().get().what());
            } else if (!answer.isThrottled()) {
                visit.gone("describeServer answered " + answer.status());
            }
        } catch (MalformedAnswer e) {
            visit.gone("describeServer: " + e.getMessage());
        }
        metrics.items(visit.rounds().pace().stage(), hasDescription(exchange) ? "live" : "failed", 1);
    }

    public boolean hasDescription(Exchange exchange) {
        return exchange.getProperty(DESCRIPTION) != null;
    }

    public void askForItsVersion(Exchange exchange) {
        PdsRequests.ask(exchange, "xrpc/_health");
    }

    /** Lays out the parameters of {@code sql/pds/save-description.sql}. */
    public void layOut(Exchange exchange) {
        Optional<String> software = ServerDescription.software(PdsRequests.answer(exchange));
        Map<String, Object> row = new HashMap<>();
        row.put("host", Crawl.visit(exchange).host().id());
        row.put("server", exchange.getProperty(DESCRIPTION, ServerDescription.class).json());
        row.put("software", software.orElse(null));
        exchange.getMessage().setBody(row);
    }
}
