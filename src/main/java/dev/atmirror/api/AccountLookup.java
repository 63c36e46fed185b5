package dev.atmirror.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.identity.Did;
import dev.atmirror.identity.Handle;
import dev.atmirror.identity.Json;
import dev.atmirror.identity.Pasted;
import dev.atmirror.plc.Times;
import dev.atmirror.store.Accounts;
import dev.atmirror.store.Accounts.Account;
import dev.atmirror.store.CheckedHandle;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Accounts by DID or handle, as {@code GET /info} and the command {@code lookup} show them. */
public final class AccountLookup {
    static final String INVALID = "handle.invalid"; // as the AT Protocol shows a handle that does not match

    private final Accounts accounts;
    private final Supplier<Instant> lastTime;

    /** @param lastTime createdAt of the newest operation that the mirror has read */
    public AccountLookup(Accounts accounts, Supplier<Instant> lastTime) {
        this.accounts = accounts;
        this.lastTime = lastTime;
    }

    /** @param asked a DID or handle as a person types or pastes it, a leading @ included @return empty for anything else */
    public static Optional<String> normalise(String asked) {
        String account = Pasted.name(asked);
        return account.startsWith("did:") ? Optional.of(account) : Handle.parse(account);
    }

    static boolean isDid(String account) {
        return account.startsWith("did:");
    }

    /** What to say of an account that is not there. @param usual for a did:plc or a handle */
    public static String absent(String account, String usual) {
        return usual + Pasted.shown(account) + (Did.isOfOtherMethod(account) ? " (only did:plc is mirrored)" : "");
    }

    /**
     * @param account as {@link #normalise} gives it
     * @return {@code {did, handle, pds, plcTime, lastTime, handleCheck}}, {@code tombstoned: true} for a tombstone,
     *     {@code active} and {@code status} where the account's host has said so, and for a handle that several accounts
     *     claim {@code claimants}; empty for a miss
     */
    public Optional<ObjectNode> find(String account) {
        return Optional.ofNullable(find(List.of(account)).get(account));
    }

    /** The same for many, by one query. @return what was found, by what was asked */
    public Map<String, ObjectNode> find(Collection<String> asked) {
        List<String> dids = asked.stream().filter(AccountLookup::isDid).toList();
        List<String> handles = asked.stream().filter(account -> !isDid(account)).toList();
        Instant last = lastTime.get();
        Map<String, ObjectNode> found = new HashMap<>();
        accounts.find(dids, handles).forEach((account, claimants) -> found.put(account, json(claimants, last)));
        return found;
    }

    /** Accounts that claim the handle, or the one with the DID; the verified one first. */
    List<Account> claimants(String account) {
        return isDid(account)
                ? accounts.findByDid(account).map(List::of).orElse(List.of())
                : accounts.findByHandle(account);
    }

    /** The first: the verified owner if there is one. As long as there is none nobody can say whose the handle is, so all are named. */
    private static ObjectNode json(List<Account> claimants, Instant lastTime) {
        ObjectNode json = json(claimants.get(0), lastTime);
        if (claimants.size() > 1) {
            var all = json.putArray("claimants");
            claimants.forEach(claimant -> all.add(claimant.did()));
        }
        return json;
    }

    private static ObjectNode json(Account account, Instant lastTime) {
        ObjectNode json = Json.MAPPER.createObjectNode().put("did", account.did());
        json.put("handle", shownHandle(account).orElse(null));
        if (account.handle().isPresent() && account.check().isInvalid()) {
            json.put("declaredHandle", account.handle().get());
        }
        json.put("pds", account.pds().orElse(null));
        json.put("plcTime", Times.format(account.plcTime()));
        json.put("lastTime", Times.format(lastTime));
        if (account.tombstoned()) {
            json.put("tombstoned", true);
        }
        account.active().ifPresent(active -> json.put("active", active));
        account.status().ifPresent(status -> json.put("status", status));
        if (account.handle().isPresent() || account.check().isInvalid()) {
            json.set("handleCheck", json(account.check()));
        }
        return json;
    }

    /** {@code handle.invalid} only where what is declared was verified not to match; until then it is shown as a claim. */
    private static Optional<String> shownHandle(Account account) {
        return account.check().isInvalid() ? Optional.of(INVALID) : account.handle();
    }

    private static ObjectNode json(CheckedHandle check) {
        ObjectNode json = Json.MAPPER.createObjectNode().put("result", check.result());
        check.method().ifPresent(method -> json.put("method", method));
        check.pointsTo().ifPresent(did -> json.put("pointsTo", did));
        check.detail().ifPresent(detail -> json.put("detail", detail));
        check.checkedAt().ifPresent(at -> json.put("checkedAt", Times.format(at)));
        if (check.failures() > 0) {
            json.put("failures", check.failures());
            check.triedAt().ifPresent(at -> json.put("triedAt", Times.format(at)));
        }
        return json;
    }
}
