package dev.atmirror.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.identity.Handle;
import dev.atmirror.identity.Json;
import dev.atmirror.plc.Times;
import dev.atmirror.store.Accounts;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;

/** Bean {@code accounts}: {@code GET /info/{did|handle}}. */
public final class AccountAnswers {
    private final Accounts accounts;
    private final Readiness.Source readiness;

    public AccountAnswers(Accounts accounts, Readiness.Source readiness) {
        this.accounts = accounts;
        this.readiness = readiness;
    }

    /** 200 with the account; 404 for a miss; 400 for what is neither DID nor handle. */
    public void info(Exchange exchange) {
        String asked = exchange.getMessage().getHeader("account", "", String.class).strip();
        String account = asked.startsWith("@") ? asked.substring(1) : asked;
        if (account.startsWith("did:")) {
            accounts.findByDid(account)
                    .map(found -> Answer.json(200, json(found)))
                    .orElseGet(() -> Answer.message(404, "unknown DID: " + account))
                    .to(exchange);
            return;
        }
        Optional<String> handle = Handle.parse(account);
        if (handle.isEmpty()) {
            Answer.message(400, "neither a DID nor a handle: " + account).to(exchange);
            return;
        }
        List<Accounts.Account> claimants = accounts.findByHandle(handle.get());
        if (claimants.isEmpty()) {
            Answer.message(404, "no account claims this handle: " + handle.get()).to(exchange);
            return;
        }
        ObjectNode json = json(claimants.get(0));
        if (claimants.size() > 1) {
            // Until handles are verified nobody can say whose it is: the oldest claim is shown, the others are named.
            var others = json.putArray("claimants");
            claimants.forEach(claimant -> others.add(claimant.did()));
        }
        Answer.json(200, json).to(exchange);
    }

    private ObjectNode json(Accounts.Account account) {
        ObjectNode json = Json.MAPPER.createObjectNode().put("did", account.did());
        json.put("handle", account.handle().orElse(null));
        json.put("pds", account.pds().orElse(null));
        json.put("plcTime", Times.format(account.plcTime()));
        json.put("lastTime", Times.format(readiness.now().time()));
        if (account.tombstoned()) {
            json.put("tombstoned", true);
        }
        return json;
    }
}
