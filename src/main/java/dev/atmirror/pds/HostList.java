package dev.atmirror.pds;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A page of a relay's {@code com.atproto.sync.listHosts}.
 *
 * @param hostnames as the relay names them, mostly without a scheme
 */
public record HostList(List<String> hostnames, Optional<String> cursor) {
    private static final int LONGEST = 253 + 20; // a port, and some relays put a scheme before it

    /** @throws MalformedAnswer when it is no such page */
    public static HostList of(HostAnswer answer) throws MalformedAnswer {
        List<String> names = new ArrayList<>();
        JsonNode root = Answers.list(answer, "hosts", host -> Answers.text(host, "hostname", LONGEST).ifPresent(names::add));
        return new HostList(names, Answers.text(root, "cursor", 2048).filter(cursor -> !cursor.isEmpty()));
    }
}
