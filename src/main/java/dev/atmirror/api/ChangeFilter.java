package dev.atmirror.api;

import dev.atmirror.store.Changes.LogKinds;
import dev.atmirror.store.Changes.Scope;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Which changes somebody wants; an empty set wants all.
 *
 * @param hosts URLs of PDSes, lower case, without a slash at the end; of moves both sides count
 */
record ChangeFilter(Set<ChangeKind> kinds, Set<String> hosts, Set<String> dids) {
    static final ChangeFilter ALL = new ChangeFilter(Set.of(), Set.of(), Set.of());
    private static final int MOST_DIDS = 1000;

    /** @param spellings the URLs that a host may stand for @throws BadQuery for what cannot be */
    static ChangeFilter of(AskedQuery query, Function<String, List<String>> spellings) {
        Set<ChangeKind> kinds = EnumSet.noneOf(ChangeKind.class);
        query.texts("kind").forEach(name -> kinds.add(ChangeKind.named(name)));
        Set<String> hosts = new HashSet<>();
        query.texts("pds").forEach(host -> {
            List<String> urls = spellings.apply(host);
            if (urls.isEmpty()) {
                throw new BadQuery("not a host: " + host);
            }
            hosts.addAll(urls);
        });
        Set<String> dids = query.texts("did");
        if (dids.size() > MOST_DIDS || !dids.stream().allMatch(AccountLookup::isDid)) {
            throw new BadQuery("did must be up to " + MOST_DIDS + " DIDs");
        }
        return new ChangeFilter(Set.copyOf(kinds), Set.copyOf(hosts), Set.copyOf(dids));
    }

    boolean wants(ChangeKind kind) {
        return kinds.isEmpty() || kinds.contains(kind);
    }

    /** Whether checks of handles can be among what is wanted, or operations. */
    boolean wantsChecks() {
        return wants(ChangeKind.VERIFICATION);
    }

    boolean wantsOperations() {
        return !kinds.equals(Set.of(ChangeKind.VERIFICATION));
    }

    LogKinds logKinds() {
        return new LogKinds(
                wants(ChangeKind.NEW),
                wants(ChangeKind.HANDLE),
                wants(ChangeKind.PDS),
                wants(ChangeKind.KEY),
                wants(ChangeKind.TOMBSTONE),
                wants(ChangeKind.RECOVERY));
    }

    Scope scope() {
        return new Scope(dids, hosts);
    }
}
