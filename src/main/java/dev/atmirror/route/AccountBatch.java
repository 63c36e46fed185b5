package dev.atmirror.route;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;

/** Accounts of one host that one lane has claimed, and for each when it is due again. */
final class AccountBatch {
    private static final String BATCH = "accountBatch";

    /**
     * @param number of {@code plc_account}
     * @param collections as describe-repo found them
     */
    record Account(String did, int number, List<String> collections) {}

    private final Map<String, Account> accounts = new LinkedHashMap<>();
    private final Map<String, Instant> again = new LinkedHashMap<>();

    /** From the rows of a claim; those that the document names elsewhere have no number and nothing to ask. */
    static AccountBatch open(Exchange exchange) {
        AccountBatch batch = new AccountBatch();
        List<?> rows = exchange.getMessage().getBody(List.class);
        for (Object each : rows) {
            Map<?, ?> row = (Map<?, ?>) each;
            int number = ((Number) row.get("account")).intValue();
            if (number > 0) {
                Object collections = row.get("collections");
                String did = (String) row.get("did");
                batch.accounts.put(did, new Account(did, number, split(collections)));
            }
        }
        if (rows.isEmpty()) {
            Lane.of(exchange).done();
        }
        exchange.setProperty(BATCH, batch);
        exchange.getMessage().setBody(new ArrayList<>(batch.accounts.values()));
        return batch;
    }

    private static List<String> split(Object collections) {
        String text = collections == null ? "" : collections.toString();
        return text.isEmpty() ? List.of() : List.of(text.split(" "));
    }

    static AccountBatch of(Exchange exchange) {
        return exchange.getProperty(BATCH, AccountBatch.class);
    }

    void dueAgain(Account account, Instant when) {
        again.put(account.did(), when);
    }

    /** Gives back what was not asked: it is due at once. */
    void giveBackTheRest(Instant now) {
        accounts.keySet().forEach(did -> again.putIfAbsent(did, now));
    }

    List<Account> accounts() {
        return List.copyOf(accounts.values());
    }

    Instant again(Account account) {
        return again.get(account.did());
    }
}
