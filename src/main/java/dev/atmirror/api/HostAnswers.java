package dev.atmirror.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.identity.Json;
import dev.atmirror.identity.Pasted;
import dev.atmirror.store.PdsHosts;
import dev.atmirror.store.PdsHosts.Host;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.apache.camel.Exchange;

/** Bean {@code hosts}: {@code GET /pds} and {@code GET /pds/{host}}. */
public final class HostAnswers {
    private static final int USUAL = 100;
    private static final int MOST = 1000;

    private final PdsHosts hosts;
    private final Function<String, List<String>> spellings;
    /** Counting a large host's repos takes a second, for which lookups shall not wait. */
    private final Semaphore counting = new Semaphore(1);

    /** @param spellings the URLs that a host may stand for, as somebody names it */
    public HostAnswers(PdsHosts hosts, Function<String, List<String>> spellings) {
        this.hosts = hosts;
        this.spellings = spellings;
    }

    /** {@code GET /pds?state=&limit=&cursor=}: hosts in the order in which they were found. */
    public void list(Exchange exchange) {
        Answers.answer(exchange, query -> {
            Optional<String> state = query.text("state");
            if (state.isPresent() && !PdsHosts.STATES.contains(state.get())) {
                throw new BadQuery("state must be one of " + String.join(", ", PdsHosts.STATES));
            }
            int limit = query.number("limit", USUAL, MOST);
            List<Host> page = hosts.list(state, query.cursor(), limit + 1); // one more says whether there is more
            ObjectNode json = Json.MAPPER.createObjectNode();
            var shown = json.putArray("hosts");
            page.stream().limit(limit).map(HostJson::brief).forEach(shown::add);
            if (page.size() > limit) {
                json.put("cursor", String.valueOf(page.get(limit - 1).id()));
            }
            return Answer.json(200, json);
        });
    }

    /** {@code GET /pds/{host}}: a host by its name, name and port, or URL. */
    public void one(Exchange exchange) {
        String asked = Pasted.bare(Asked.inPath(exchange, "host"));
        hosts.find(spellings.apply(asked))
                .map(host -> Answer.json(200, withStatuses(host)))
                .orElseGet(() -> Answer.message(404, "unknown host: " + Pasted.shown(asked)))
                .to(exchange);
    }

    private ObjectNode withStatuses(Host host) {
        ObjectNode json = HostJson.whole(host);
        if (counting.tryAcquire()) {
            try {
                Optional<Map<String, Long>> statuses = hosts.statuses(host);
                statuses.ifPresent(counts -> counts.forEach(json.putObject("statuses")::put));
            } finally {
                counting.release();
            }
        }
        return json;
    }
}
