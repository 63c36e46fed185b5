package dev.atmirror.pds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * What a host says of itself by {@code com.atproto.server.describeServer}.
 *
 * @param json its members that the lexicon knows, as far as they are what it says
 */
public record ServerDescription(String json) {
    private static final int LONGEST = 500;
    private static final int MOST_DOMAINS = 100;

    /** @throws MalformedAnswer when it is no such description: then the host is no PDS */
    public static ServerDescription of(HostAnswer answer) throws MalformedAnswer {
        JsonNode root = Answers.object(answer);
        JsonNode domains = root.path("availableUserDomains");
        if (!domains.isArray()) {
            throw new MalformedAnswer("describeServer without availableUserDomains");
        }
        ObjectNode known = JsonNodeFactory.instance.objectNode();
        Answers.text(root, "did", LONGEST).ifPresent(did -> known.put("did", did));
        var kept = known.putArray("availableUserDomains");
        domains.forEach(domain -> {
            if (domain.isTextual() && kept.size() < MOST_DOMAINS && domain.textValue().length() <= LONGEST
                    && Answers.isPlain(domain.textValue())) {
                kept.add(domain.textValue());
            }
        });
        for (String flag : new String[] {"inviteCodeRequired", "phoneVerificationRequired"}) {
            if (root.path(flag).isBoolean()) {
                known.put(flag, root.path(flag).booleanValue());
            }
        }
        copy(root, known, "links", "privacyPolicy", "termsOfService");
        copy(root, known, "contact", "email");
        return new ServerDescription(known.toString());
    }

    private static void copy(JsonNode from, ObjectNode to, String object, String... names) {
        ObjectNode inner = JsonNodeFactory.instance.objectNode();
        for (String name : names) {
            Answers.text(from.path(object), name, LONGEST).ifPresent(text -> inner.put(name, text));
        }
        if (!inner.isEmpty()) {
            to.set(object, inner);
        }
    }

    /** What {@code /xrpc/_health} gives away about the software: its version. */
    public static Optional<String> software(HostAnswer answer) {
        if (!answer.isOk()) {
            return Optional.empty();
        }
        try {
            return Answers.text(Answers.object(answer), "version", LONGEST);
        } catch (MalformedAnswer e) {
            return Optional.empty(); // Not every host serves it.
        }
    }
}
