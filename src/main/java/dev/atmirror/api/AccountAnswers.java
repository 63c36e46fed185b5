package dev.atmirror.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.identity.Json;
import dev.atmirror.identity.Pasted;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;

/** Bean {@code accounts}: {@code GET /info/{did|handle}}, and {@code POST /info} for many at once. */
public final class AccountAnswers {
    private static final int MOST = 1000;

    private final AccountLookup lookup;
    private final ChecksOnDemand refresh;

    public AccountAnswers(AccountLookup lookup, ChecksOnDemand refresh) {
        this.lookup = lookup;
        this.refresh = refresh;
    }

    /** 200 with the account; 404 for a miss; 400 for what is neither DID nor handle; 429 where a refresh must wait. */
    public void info(Exchange exchange) {
        Answers.answer(exchange, query -> {
            String asked = Asked.inPath(exchange, "account");
            String account = AccountLookup.normalise(asked).orElseThrow(() -> new BadQuery(neither(asked)));
            if (query.flag("refresh")) {
                Optional<Integer> wait = refresh.all(lookup.claimants(account), Asked.client(exchange));
                if (wait.isPresent()) {
                    return Answers.tooMany(wait.get());
                }
            }
            return lookup.find(account)
                    .map(found -> Answer.json(200, found))
                    .orElseGet(() -> Answer.message(404, unknown(account)));
        });
    }

    /** In the order asked, misses and nonsense included, each with what was asked. */
    public void many(Exchange exchange) {
        Answers.answer(exchange, query -> {
            List<JsonNode> accounts = asked(exchange);
            Map<String, ObjectNode> found = lookup.find(accounts.stream()
                    .filter(JsonNode::isTextual)
                    .flatMap(asked -> AccountLookup.normalise(asked.textValue()).stream())
                    .toList());
            List<ObjectNode> answers = accounts.stream().map(asked -> one(asked, found)).toList();
            if (wantsLines(exchange)) {
                return Answer.lines(answers);
            }
            ObjectNode json = Json.MAPPER.createObjectNode();
            json.putArray("accounts").addAll(answers);
            return Answer.json(200, json);
        });
    }

    private static List<JsonNode> asked(Exchange exchange) {
        JsonNode accounts;
        try {
            accounts = Json.MAPPER.readTree(Asked.body(exchange)).path("accounts");
        } catch (JsonProcessingException e) {
            throw new BadQuery("the body is no JSON: " + e.getOriginalMessage());
        } catch (java.io.IOException e) {
            throw new BadQuery("the body does not read");
        }
        if (!accounts.isArray()) {
            throw new BadQuery("the body must be {\"accounts\": [DID or handle, …]}");
        }
        if (accounts.size() > MOST) {
            throw new BadQuery("at most " + MOST + " accounts at once");
        }
        List<JsonNode> all = new ArrayList<>();
        accounts.forEach(all::add);
        return all;
    }

    private static ObjectNode one(JsonNode asked, Map<String, ObjectNode> found) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.set("asked", asked);
        Optional<String> account = asked.isTextual() ? AccountLookup.normalise(asked.textValue()) : Optional.empty();
        if (account.isEmpty()) {
            return json.put("error", "Invalid").put("message", neither(asked.asText()));
        }
        ObjectNode answer = found.get(account.get());
        return answer == null
                ? json.put("error", "NotFound").put("message", unknown(account.get()))
                : json.setAll(answer);
    }

    private static boolean wantsLines(Exchange exchange) {
        String accept = Asked.header(exchange, "Accept").orElse("").toLowerCase(Locale.ROOT);
        return accept.contains("application/jsonl") || accept.contains("application/x-ndjson");
    }

    private static String neither(String asked) {
        return "neither a DID nor a handle: " + Pasted.shown(asked);
    }

    private static String unknown(String account) {
        return AccountLookup.isDid(account) ? AccountLookup.absent(account, "unknown DID: ") : "no account claims this handle: " + account;
    }
}
