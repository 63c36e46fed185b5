package dev.atmirror.api;

import java.util.Optional;
import org.apache.camel.Exchange;

/** Bean {@code accounts}: {@code GET /info/{did|handle}}. */
public final class AccountAnswers {
    private final AccountLookup lookup;

    public AccountAnswers(AccountLookup lookup) {
        this.lookup = lookup;
    }

    /** 200 with the account; 404 for a miss; 400 for what is neither DID nor handle. */
    public void info(Exchange exchange) {
        String asked = Asked.inPath(exchange, "account");
        Optional<String> account = AccountLookup.normalise(asked);
        if (account.isEmpty()) {
            Answer.message(400, "neither a DID nor a handle: " + asked).to(exchange);
            return;
        }
        lookup.find(account.get())
                .map(found -> Answer.json(200, found))
                .orElseGet(() -> Answer.message(
                        404,
                        account.get().startsWith("did:")
                                ? "unknown DID: " + account.get()
                                : "no account claims this handle: " + account.get()))
                .to(exchange);
    }
}
