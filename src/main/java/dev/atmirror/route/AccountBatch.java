package dev.atmirror.route;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.Exchange;

/** Accounts of one host that one lane has claimed, and for each when it is due again. */
final class AccountBatch {
    private static final String BATCH = "accountBatch";

    /**
     * @param number of {@code plc_account}
     * @param collections as describe-repo found them
     * @param expected that no list of the host speaks against its being there
     * @param failures of the host on this account in a row, while it answered for others
     */
    record Account(String did, int number, List<String> collections, boolean expected, int failures) {}

    /** An account that the host fails on while it answers for others is left alone ever longer. */
    private static final List<Duration> PAUSES = List.of(
            Duration.ofHours(6), Duration.ofDays(1), Duration.ofDays(3), Duration.ofDays(7), Duration.ofDays(14), Duration.ofDays(30));

    /** More accounts than these, all expected and all refused alike, are rather the host's failure than theirs. */
    private static final int MOST_REFUSED_ALIKE = 2;

    private final Map<String, Account> accounts = new LinkedHashMap<>();
    private final Map<String, Instant> again = new LinkedHashMap<>();
    private final Set<Account> failed = new LinkedHashSet<>(); // since the host answered for another one
    private final Map<String, String> errors = new HashMap<>();

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
                batch.accounts.put(did, new Account(did, number, split(collections), !Boolean.FALSE.equals(row.get("expected")), failures(row)));
            }
        }
        if (rows.isEmpty()) {
            Lane.of(exchange).done();
        }
        exchange.setProperty(BATCH, batch);
        exchange.getMessage().setBody(new ArrayList<>(batch.accounts.values()));
        return batch;
    }

    private static int failures(Map<?, ?> row) {
        return row.get("failures") instanceof Number failures ? failures.intValue() : 0;
    }

    private static List<String> split(Object collections) {
        String text = collections == null ? "" : collections.toString();
        return text.isEmpty() ? List.of() : List.of(text.split(" "));
    }

    static AccountBatch of(Exchange exchange) {
        return exchange.getProperty(BATCH, AccountBatch.class);
    }

    /** The host has answered for the account. */
    void answered(Account account, Instant when) {
        again.put(account.did(), when);
        errors.put(account.did(), "");
    }

    /**
     * The host failed on the account; whether that is the account's fault is known when it answers for another one.
     *
     * @param regular when an account is asked again that does not fail: no pause is longer
     */
    void failed(Account account, String error, Instant now, Duration regular) {
        Duration pause = PAUSES.get(Math.min(account.failures(), PAUSES.size() - 1));
        failed.add(account);
        again.put(account.did(), now.plus(pause.compareTo(regular) < 0 ? pause : regular));
        errors.put(account.did(), error);
    }

    /** The host answers, so what it failed on before is the accounts' fault. */
    void hostAnswers() {
        failed.clear();
    }

    /** The host fails: no account is blamed on which it failed since its last answer. */
    void blameTheHost() {
        failed.forEach(this::takeBack);
        failed.clear();
    }

    /** What was said of the account does not count. */
    void takeBack(Account account) {
        again.remove(account.did());
        errors.remove(account.did());
    }

    /** @return why the host failed on the account; "" where it answered, null where nothing is known */
    String error(Account account) {
        return errors.get(account.did());
    }

    /**
     * Whether a host says one and the same of all accounts that it should have.
     *
     * @param refusals status by DID; "" where the account was served
     * @return that status, unless it says different things, or too few to tell
     */
    Optional<String> refusedAlike(Map<String, String> refusals) {
        List<String> expected = accounts.values().stream()
                .filter(account -> account.expected() && refusals.containsKey(account.did()))
                .map(account -> refusals.get(account.did()))
                .toList();
        boolean alike = expected.size() > MOST_REFUSED_ALIKE && Set.copyOf(expected).size() == 1;
        return alike ? Optional.of(expected.get(0)).filter(status -> !status.isEmpty()) : Optional.empty();
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
