package dev.atmirror.handle;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Handles that no name server knows, for networks of one machine: what asks for them goes to an address by plain HTTP, with
 * the handle as its {@code Host}.
 */
public final class LocalHandles {
    private final Map<String, String> hosts = new LinkedHashMap<>();

    /** @param written such as {@code pds1.test=127.0.0.1:2583} @throws IllegalArgumentException for anything else */
    public LocalHandles(List<String> written) {
        for (String each : written) {
            if (!each.matches("[a-z0-9.-]+=[^=/\\s]+:[0-9]{1,5}")) {
                throw new IllegalArgumentException("no suffix of handles with an address, such as pds1.test=127.0.0.1:2583: " + each);
            }
            hosts.put(each.substring(0, each.indexOf('=')), "http://" + each.substring(each.indexOf('=') + 1));
        }
    }

    /** @return such as {@code http://127.0.0.1:2583} */
    public Optional<String> find(String handle) {
        return hosts.keySet().stream()
                .filter(suffix -> handle.equals(suffix) || handle.endsWith("." + suffix))
                .findFirst()
                .map(hosts::get);
    }
}
