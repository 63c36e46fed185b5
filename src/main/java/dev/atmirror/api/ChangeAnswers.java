package dev.atmirror.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.identity.Json;
import dev.atmirror.identity.Pasted;
import dev.atmirror.store.Accounts.Account;
import dev.atmirror.store.Changes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.camel.Exchange;

/** Bean {@code changes}: what changed, of all accounts or of one. */
public final class ChangeAnswers {
    private static final int USUAL = 100;
    private static final int MOST = 1000;

    private final ChangeFeed feed;
    private final AccountLookup accounts;
    private final Function<String, List<String>> spellings;

    /** @param spellings the URLs that a host may stand for, as somebody names it */
    public ChangeAnswers(Changes changes, AccountLookup accounts, Function<String, List<String>> spellings) {
        this.feed = new ChangeFeed(changes);
        this.accounts = accounts;
        this.spellings = spellings;
    }

    /** {@code GET /changes?cursor=&limit=&kind=&pds=&did=}: a JSON line for each, and a last one that says where to go on. */
    public void list(Exchange exchange) {
        Answers.answer(exchange, query -> {
            ChangeFilter filter = ChangeFilter.of(query, spellings);
            int limit = query.number("limit", USUAL, MOST);
            String cursor = query.text("cursor").orElse("0");
            ChangeCursor end = feed.end();
            ChangeCursor from = cursor.equals("now") ? end : ChangeCursor.of(cursor);
            if (end.isBehind(from)) {
                throw new BadQuery("FutureCursor: this mirror is at " + end);
            }
            ChangeFeed.Page page = feed.after(from, filter, limit);
            List<ObjectNode> lines = new ArrayList<>(page.changes());
            lines.add(where(page.next()));
            return Answer.lines(lines);
        });
    }

    /** A line without a change, for readers whose filter passes over much. */
    static ObjectNode where(ChangeCursor cursor) {
        return Json.MAPPER.createObjectNode().put("cursor", cursor.toString());
    }

    /** {@code GET /history/{account}}: all changes of one account, oldest first; of a handle, those of its owner or first claimant. */
    public void history(Exchange exchange) {
        Answers.answer(exchange, query -> {
            String asked = Asked.inPath(exchange, "account");
            int limit = query.number("limit", USUAL, MOST);
            ChangeCursor from = ChangeCursor.of(query.text("cursor").orElse("0"));
            Optional<Account> account = AccountLookup.normalise(asked).flatMap(name -> accounts.claimants(name).stream().findFirst());
            if (account.isEmpty()) {
                return Answer.message(404, AccountLookup.absent(Pasted.name(asked), "unknown account: "));
            }
            String did = account.get().did();
            ChangeFeed.Page page = feed.after(from, new ChangeFilter(Set.of(), Set.of(), Set.of(did)), limit);
            ObjectNode json = Json.MAPPER.createObjectNode().put("did", did);
            json.putArray("changes").addAll(page.changes());
            if (page.more()) {
                json.put("cursor", page.next().toString());
            }
            return Answer.json(200, json);
        });
    }

    /** {@code GET /changes/stream} by what is no WebSocket; a WebSocket never comes here. */
    public void refuse(Exchange exchange) {
        Answer.message(426, "this is a WebSocket; /changes gives pages").with("Upgrade", "websocket").to(exchange);
    }
}
