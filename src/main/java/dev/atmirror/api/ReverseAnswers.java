package dev.atmirror.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.identity.Handle;
import dev.atmirror.identity.Json;
import dev.atmirror.plc.Times;
import dev.atmirror.store.PdsHosts;
import dev.atmirror.store.ReverseLookups;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.camel.Exchange;

/** Bean {@code reverse}: accounts by their host, by a rotation key, by a handle that they have or had. */
public final class ReverseAnswers {
    private static final int USUAL = 100;
    private static final int MOST = 1000;
    private static final int LONGEST_CURSOR = 100; // DIDs are shorter

    private final ReverseLookups lookups;
    private final PdsHosts hosts;
    private final Function<String, List<String>> spellings;

    /** @param spellings the URLs that a host may stand for, as somebody names it */
    public ReverseAnswers(ReverseLookups lookups, PdsHosts hosts, Function<String, List<String>> spellings) {
        this.lookups = lookups;
        this.hosts = hosts;
        this.spellings = spellings;
    }

    /** {@code GET /pds/{host}/accounts}: those whose document names the host. */
    public void atHost(Exchange exchange) {
        Answers.answer(exchange, query -> {
            String asked = Asked.inPath(exchange, "host");
            Optional<PdsHosts.Host> host = hosts.find(spellings.apply(asked));
            if (host.isEmpty()) {
                return Answer.message(404, "unknown host: " + asked);
            }
            String after = query.text("cursor").orElse("");
            if (after.length() > LONGEST_CURSOR) {
                throw new BadQuery("cursor is none of ours");
            }
            var page = lookups.atHost(host.get().id(), after, query.number("limit", USUAL, MOST));
            ObjectNode json = Json.MAPPER.createObjectNode().put("pds", host.get().pds());
            return Answer.json(200, withPage(json, page, account -> {
                ObjectNode one = Json.MAPPER.createObjectNode().put("did", account.did());
                one.put("handle", account.handle().orElse(null)).put("result", account.result());
                account.active().ifPresent(active -> one.put("active", active));
                account.status().ifPresent(status -> one.put("status", status));
                return one;
            }));
        });
    }

    /** {@code GET /keys/{key}/accounts}: those that the rotation key may change. */
    public void withKey(Exchange exchange) {
        Answers.answer(exchange, query -> {
            String key = Asked.inPath(exchange, "key");
            if (!key.startsWith("did:key:")) {
                throw new BadQuery("a rotation key begins with did:key:");
            }
            var page = lookups.withKey(key, query.longCursor(), query.number("limit", USUAL, MOST));
            ObjectNode json = Json.MAPPER.createObjectNode().put("key", key);
            return Answer.json(200, withPage(json, page, account -> Json.MAPPER.createObjectNode()
                    .put("did", account.did())
                    .put("handle", account.handle().orElse(null))
                    .put("pds", account.pds().orElse(null))));
        });
    }

    /** {@code GET /handles/{handle}/accounts}: those that declare the handle, or did. */
    public void everClaiming(Exchange exchange) {
        Answers.answer(exchange, query -> {
            String asked = Asked.inPath(exchange, "handle");
            String handle = Handle.parse(asked).orElseThrow(() -> new BadQuery("not a handle: " + asked));
            var page = lookups.everClaiming(handle, query.longCursor(), query.number("limit", USUAL, MOST));
            ObjectNode json = Json.MAPPER.createObjectNode().put("handle", handle);
            return Answer.json(200, withPage(json, page, claim -> Json.MAPPER.createObjectNode()
                    .put("did", claim.did())
                    .put("since", Times.format(claim.since()))
                    .put("until", claim.until().map(Times::format).orElse(null))));
        });
    }

    private static <T> ObjectNode withPage(ObjectNode json, ReverseLookups.Page<T> page, Function<T, ObjectNode> one) {
        var accounts = json.putArray("accounts");
        page.accounts().stream().map(one).forEach(accounts::add);
        page.next().ifPresent(next -> json.put("cursor", next));
        return json;
    }
}
