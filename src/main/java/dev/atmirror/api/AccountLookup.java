package dev.atmirror.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.identity.Handle;
import dev.atmirror.identity.Json;
import dev.atmirror.plc.Times;
import dev.atmirror.store.Accounts;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** One account by DID or handle, as {@code GET /info} and the command {@code lookup} show it. */
public final class AccountLookup {
    private final Accounts accounts;
    private final Supplier<Instant> lastTime;

    /** @param lastTime createdAt of the newest operation that the mirror has read */
    public AccountLookup(Accounts accounts, Supplier<Instant> lastTime) {
        this.accounts = accounts;
        this.lastTime = lastTime;
    }

    /** @param asked a DID or handle as a person types it, a leading @ included @return empty for anything else */
    public static Optional<String> normalise(String asked) {
        String account = asked.strip();
        account = account.startsWith("@") ? account.substring(1) : account;
        account = account.startsWith("at://") ? account.substring("at://".length()) : account;
        return account.startsWith("did:") ? Optional.of(account) : Handle.parse(account);
    }

    /**
     * @param account as {@link #normalise} gives it
     * @return {@code {did, handle, pds, plcTime, lastTime}}, {@code tombstoned: true} for a tombstone,
     *     {@code active} and {@code status} where the account's host has said so, and for a handle that several accounts
     *     claim {@code claimants}; empty for a miss
     */
    public Optional<ObjectNode> find(String account) {
        if (account.startsWith("did:")) {
            return accounts.findByDid(account).map(this::json);
        }
        List<Accounts.Account> claimants = accounts.findByHandle(account);
        if (claimants.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode json = json(claimants.get(0));
        if (claimants.size() > 1) {
            // Until handles are verified nobody can say whose it is: the oldest claim is shown, all are named.
            var all = json.putArray("claimants");
            claimants.forEach(claimant -> all.add(claimant.did()));
        }
        return Optional.of(json);
    }

    private ObjectNode json(Accounts.Account account) {
        ObjectNode json = Json.MAPPER.createObjectNode().put("did", account.did());
        json.put("handle", account.handle().orElse(null));
        json.put("pds", account.pds().orElse(null));
        json.put("plcTime", Times.format(account.plcTime()));
        json.put("lastTime", Times.format(lastTime.get()));
        if (account.tombstoned()) {
            json.put("tombstoned", true);
        }
        account.active().ifPresent(active -> json.put("active", active));
        account.status().ifPresent(status -> json.put("status", status));
        return json;
    }
}
