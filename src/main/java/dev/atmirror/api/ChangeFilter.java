package dev.atmirror.api;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
        query.texts("kinds").forEach(name -> kinds.add(ChangeKind.named(name)));
        Set<String> hosts = new HashSet<>();
        query.texts("pds").forEach(host -> {
            List<String> urls = spellings.apply(host);
            if (urls.isEmpty()) {
                throw new BadQuery("not a host: " + host);
            }
            hosts.addAll(urls);
        });
        Set<String> dids = query.texts("dids");
        if (dids.size() > MOST_DIDS || !dids.stream().allMatch(AccountLookup::isDid)) {
            throw new BadQuery("dids must be up to " + MOST_DIDS + " DIDs");
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
        return kinds.isEmpty() || !kinds.equals(Set.of(ChangeKind.VERIFICATION));
    }

    /** Whether every operation that is read may be wanted, so that no more need to be read than are shown. */
    boolean wantsAllOfTheLog() {
        return kinds.isEmpty() && hosts.isEmpty();
    }

    boolean wantsHost(Optional<String> before, Optional<String> after) {
        return hosts.isEmpty() || isAmongHosts(before) || isAmongHosts(after);
    }

    private boolean isAmongHosts(Optional<String> endpoint) {
        return endpoint.map(url -> url.toLowerCase(Locale.ROOT))
                .map(url -> url.endsWith("/") ? url.substring(0, url.length() - 1) : url)
                .filter(hosts::contains)
                .isPresent();
    }
}
