package dev.atmirror.sandbox;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What one host holds: the accounts it began with, computed, and those that changed or came later, stored. A repo keeps
 * its place in the list for ever. Safe for many threads.
 */
final class PdsHost {
    private final int index;
    private final HostKind kind;
    private final String endpoint;
    private final BulkAccounts bulk;
    private final int bulkPlaces;
    private final Map<String, Repo> stored = new HashMap<>();
    private final List<String> guests = new ArrayList<>();

    /** @param bulkPlaces how many accounts it began with */
    PdsHost(int index, HostKind kind, String endpoint, BulkAccounts bulk, int bulkPlaces) {
        this.index = index;
        this.kind = kind;
        this.endpoint = endpoint;
        this.bulk = bulk;
        this.bulkPlaces = bulkPlaces;
    }

    int index() {
        return index;
    }

    HostKind kind() {
        return kind;
    }

    Paging paging() {
        return Paging.of(index);
    }

    /** As documents name it. */
    String endpoint() {
        return endpoint;
    }

    /** Host and port, as a relay names it. */
    String name() {
        return endpoint.substring(endpoint.indexOf("//") + 2);
    }

    synchronized Optional<Repo> find(String did) {
        Repo repo = stored.get(did);
        if (repo != null) {
            return Optional.of(repo);
        }
        OptionalInt account = bulk.find(did);
        return isOwn(account) ? Optional.of(first(account.getAsInt())) : Optional.empty();
    }

    private boolean isOwn(OptionalInt account) {
        return account.isPresent() && bulkPlaces > 0 && bulk.host(account.getAsInt()) == index;
    }

    /** As it was at the start. */
    private Repo first(int account) {
        long draw = bulk.draw(account);
        AccountKind accountKind = kindOf(account);
        Records records = new Records(accountKind, draw, bulk.createdAt(account).toEpochMilli());
        return new Repo(bulk.did(account), bulk.handle(account), accountKind.first(draw), accountKind, records);
    }

    /** What kind one of its first accounts was born as. */
    AccountKind kindOf(int account) {
        return kind.behaves() ? AccountKind.of(bulk.place(account)) : AccountKind.ORDINARY;
    }

    /** In the place of what it had of this account, or behind all others. */
    synchronized void put(Repo repo) {
        if (stored.put(repo.did(), repo) == null && !isOwn(bulk.find(repo.did()))) {
            guests.add(repo.did());
        }
    }

    /** As if the guest had never come. */
    synchronized void forget(String did) {
        stored.remove(did);
        guests.remove(did);
    }

    /** How many places its list has; not all of them show. */
    synchronized int places() {
        return bulkPlaces + guests.size();
    }

    synchronized Repo at(int place) {
        if (place >= bulkPlaces) {
            return stored.get(guests.get(place - bulkPlaces));
        }
        int account = bulk.account(index, place);
        Repo changed = stored.isEmpty() ? null : stored.get(bulk.did(account));
        return changed != null ? changed : first(account);
    }

    /** The only account for which a host of the kind {@link HostKind#FAILS_FOR_ONE} fails. */
    boolean failsFor(String did) {
        return kind == HostKind.FAILS_FOR_ONE && bulkPlaces > 0 && bulk.did(bulk.account(index, 0)).equals(did);
    }
}
