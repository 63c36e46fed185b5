package dev.atmirror.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.identity.Handle;
import dev.atmirror.identity.Json;
import dev.atmirror.identity.Pasted;
import dev.atmirror.plc.Times;
import dev.atmirror.store.PdsHosts;
import dev.atmirror.store.ReverseLookups;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;

/** Bean {@code reverse}: accounts by their host, by a rotation key, by a handle that they have or had. */
public final class ReverseAnswers {
    private static final int USUAL = 100;
    private static final int MOST = 1000;
    private static final Pattern KEY = Pattern.compile("did:key:[A-Za-z0-9]+");
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
            String asked = Pasted.bare(Asked.inPath(exchange, "host"));
            Optional<PdsHosts.Host> host = hosts.find(spellings.apply(asked));
            if (host.isEmpty()) {
                return Answer.message(404, "unknown host: " + Pasted.shown(asked));
            }
            String after = query.text("cursor").orElse("");
            if (after.length() > LONGEST_CURSOR) {
                throw new BadQuery("cursor is none of ours");
            }
            var page = lookups.atHost(host.get().leader().map(PdsHosts.Leader::id).orElse(host.get().id()), after, query.number("limit", USUAL, MOST));
            ObjectNode json = Json.MAPPER.createObjectNode().put("pds", host.get().pds());
            return Answer.json(200, withPage(json, page, account -> {
                ObjectNode one = Json.MAPPER.createObjectNode().put("did", account.did());
                one.put("handle", account.handle().orElse(null)).put("handleResult", account.result());
                return withState(one, account.active(), account.status());
            }));
        });
    }

    /** {@code GET /accounts?rotationKey=} and {@code GET /accounts?pastHandle=} */
    public void accounts(Exchange exchange) {
        Answers.answer(exchange, query -> {
            Optional<String> key = query.text("rotationKey");
            Optional<String> handle = query.text("pastHandle");
            if (key.isPresent() == handle.isPresent()) {
                throw new BadQuery("ask by rotationKey or by pastHandle");
            }
            int limit = query.number("limit", USUAL, MOST);
            return key.isPresent()
                    ? withKey(Pasted.bare(key.get()), query.longCursor(), limit)
                    : everClaiming(handle.get(), query.longCursor(), limit);
        });
    }

    /** Those that the rotation key may change. */
    private Answer withKey(String key, long after, int limit) {
        if (!KEY.matcher(key).matches()) {
            throw new BadQuery("a rotation key is did:key: with letters and digits");
        }
        ObjectNode json = Json.MAPPER.createObjectNode().put("rotationKey", key);
        return Answer.json(200, withPage(json, lookups.withKey(key, after, limit), account -> {
            ObjectNode one = Json.MAPPER.createObjectNode().put("did", account.did());
            one.put("handle", account.handle().orElse(null)).put("pds", account.pds().orElse(null));
            return withState(one, account.active(), account.status());
        }));
    }

    /** Those that declare the handle, or did. */
    private Answer everClaiming(String asked, long after, int limit) {
        String handle = Handle.parse(Pasted.name(asked)).orElseThrow(() -> new BadQuery("not a handle: " + Pasted.shown(asked)));
        ObjectNode json = Json.MAPPER.createObjectNode().put("pastHandle", handle);
        return Answer.json(200, withPage(json, lookups.everClaiming(handle, after, limit), claim -> Json.MAPPER
                .createObjectNode()
                .put("did", claim.did())
                .put("from", Times.format(claim.since()))
                .put("until", claim.until().map(Times::format).orElse(null))));
    }

    /** Nothing where the host has said nothing yet. */
    private static ObjectNode withState(ObjectNode json, Optional<Boolean> active, Optional<String> status) {
        active.ifPresent(is -> json.put("active", is));
        status.ifPresent(is -> json.put("status", is));
        return json;
    }

    private static <T> ObjectNode withPage(ObjectNode json, ReverseLookups.Page<T> page, Function<T, ObjectNode> one) {
        var accounts = json.putArray("accounts");
        page.accounts().stream().map(one).forEach(accounts::add);
        page.next().ifPresent(next -> json.put("cursor", next));
        return json;
    }
}
