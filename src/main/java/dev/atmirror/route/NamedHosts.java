package dev.atmirror.route;

import dev.atmirror.net.PdsUrl;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Hosts as others name them, made one spelling, or refused with a reason.
 *
 * @param allowPrivate whether hosts may be http, of this machine, and on any port
 * @param operators patterns such as {@code *.host.example}: hosts of one operator share a budget
 */
record NamedHosts(boolean allowPrivate, List<String> operators) {
    /** What may be asked at that address; empty for whatever must not be fetched. */
    Optional<PdsUrl> url(String claimed) {
        return PdsUrl.of(claimed, allowPrivate);
    }

    /** A host that is named without a scheme is reached by https. */
    static String withScheme(String host) {
        return host.contains("://") ? host : "https://" + host;
    }

    /** Why a host is not asked that {@link #url} refuses, for a person. */
    static String refusal(String claimed) {
        return isPrivate(claimed)
                ? "not public: plain http, a port, or an address of a private network; atmirror.net.allow-private=true takes it"
                : "no URL of a host";
    }

    /** Whether it is a host, though not one that anybody may be made to ask. */
    static boolean isPrivate(String claimed) {
        return PdsUrl.of(claimed, true).isPresent() && PdsUrl.of(claimed, false).isEmpty();
    }

    /** Lays out the parameters of {@code sql/pds/add-hosts.sql} for hosts that no document names. */
    Map<String, Object> rows(String source, List<String> claimed) {
        return rows(source, claimed.stream().map(name -> 0).toList(), claimed);
    }

    /** The same for endpoints of documents. @param endpoints their numbers, in the order of {@code claimed} */
    Map<String, Object> rows(String source, List<Integer> endpoints, List<String> claimed) {
        String[] pdses = new String[claimed.size()];
        String[] keys = new String[claimed.size()];
        for (int i = 0; i < pdses.length; i++) {
            Optional<PdsUrl> url = url(claimed.get(i));
            pdses[i] = url.map(PdsUrl::toString).orElse(null);
            keys[i] = url.map(host -> host.operator(operators)).orElse(null);
        }
        Map<String, Object> rows = new HashMap<>();
        rows.put("source", source);
        rows.put("endpoints", endpoints.stream().mapToInt(Integer::intValue).toArray());
        rows.put("pdses", pdses);
        rows.put("operators", keys);
        return rows;
    }
}
