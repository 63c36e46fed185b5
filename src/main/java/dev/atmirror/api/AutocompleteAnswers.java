package dev.atmirror.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.identity.Json;
import dev.atmirror.store.HandleSearch;
import dev.atmirror.store.HandleSearch.Found;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;

/** Bean {@code autocomplete}: {@code GET /autocomplete/{prefix}?limit=}. */
public final class AutocompleteAnswers {
    private static final int USUAL = 10;
    private static final int MOST = 100;
    /** Some candidates changed just now, or read differently in punycode; and active accounts are picked from the rest. */
    private static final int CANDIDATES = 3;

    private final HandleSearch search;

    public AutocompleteAnswers(HandleSearch search) {
        this.search = search;
    }

    /** Handles that begin so, then handles that look alike, best first; none for what no handle begins with. */
    public void complete(Exchange exchange) {
        Answers.answer(exchange, query -> {
            int limit = query.number("limit", USUAL, MOST);
            Map<String, Found> found = new LinkedHashMap<>();
            Optional<HandlePrefix> prefix = HandlePrefix.of(Asked.inPath(exchange, "prefix"));
            prefix.ifPresent(text -> search.byPrefix(text.ascii(), limit * CANDIDATES).stream()
                    .filter(candidate -> text.fits(candidate.handle()))
                    .forEach(candidate -> found.putIfAbsent(candidate.did(), candidate)));
            if (found.size() < limit) {
                prefix.flatMap(HandlePrefix::label)
                        .ifPresent(label -> search.bySimilarity(label, limit * CANDIDATES)
                                .forEach(candidate -> found.putIfAbsent(candidate.did(), candidate)));
            }
            ObjectNode json = Json.MAPPER.createObjectNode();
            ArrayNode handles = json.putArray("handles");
            found.values().stream().limit(limit).map(AutocompleteAnswers::json).forEach(handles::add);
            return Answer.json(200, json);
        });
    }

    private static ObjectNode json(Found found) {
        ObjectNode json = Json.MAPPER.createObjectNode().put("handle", found.handle()).put("did", found.did());
        String readable = HandlePrefix.readable(found.handle());
        if (!readable.equals(found.handle())) {
            json.put("readable", readable);
        }
        json.put("result", found.result());
        found.active().ifPresent(active -> json.put("active", active));
        return json;
    }
}
