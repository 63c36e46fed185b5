package dev.atmirror.pds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What an answer to {@code com.atproto.repo.describeRepo} says of the account. */
public sealed interface RepoVerdict {
    /**
     * The host serves the repo.
     *
     * @param described handle, handleIsCorrect and collections, as JSON; not the document, which the log knows better
     * @param collections distinct and sorted; the host's own claim
     */
    record Described(String described, String collections) implements RepoVerdict {}

    /** The host knows the account, or the lack of it. @param status takendown, suspended, deactivated or notfound */
    record Inactive(String status) implements RepoVerdict {}

    /** Nothing is said of the account: the host failed. */
    record HostFailed(String kind) implements RepoVerdict {}

    /** Nothing is said of the account, and the host asks to come back later. */
    record Throttled() implements RepoVerdict {}

    Pattern NSID = Pattern.compile("[a-zA-Z](?:[a-zA-Z0-9-]{0,62})(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,62}))+");
    int LONGEST_NSID = 317;
    int MOST_COLLECTIONS = 1000; // more are invented; real repos have some dozens

    /** @param repo DID that was asked for */
    static RepoVerdict of(HostAnswer answer, String repo) {
        if (answer.isThrottled()) {
            return new Throttled();
        }
        if (answer.failure().isPresent()) {
            return new HostFailed(answer.failure().get().kind());
        }
        try {
            JsonNode root = answer.body().length == 0 ? JsonNodeFactory.instance.objectNode() : Answers.object(answer);
            return answer.isOk() ? described(root, repo) : refused(answer.status(), root);
        } catch (MalformedAnswer e) {
            // Whoever answers 404 in HTML has no such path; that is the host's fault, too.
            return new HostFailed("malformed");
        }
    }

    private static RepoVerdict described(JsonNode root, String repo) throws MalformedAnswer {
        JsonNode claimed = root.path("collections");
        if (!claimed.isArray() || !repo.equals(root.path("did").textValue())) {
            throw new MalformedAnswer("describeRepo without collections, or of another account");
        }
        TreeSet<String> collections = new TreeSet<>();
        for (JsonNode nsid : claimed) {
            if (nsid.isTextual() && isNsid(nsid.textValue()) && collections.size() < MOST_COLLECTIONS) {
                collections.add(nsid.textValue());
            }
        }
        ObjectNode described = JsonNodeFactory.instance.objectNode();
        Answers.text(root, "handle", 253).ifPresent(handle -> described.put("handle", handle));
        if (root.path("handleIsCorrect").isBoolean()) {
            described.put("handleIsCorrect", root.path("handleIsCorrect").booleanValue());
        }
        collections.forEach(described.putArray("collections")::add);
        return new Described(described.toString(), String.join(" ", collections));
    }

    static boolean isNsid(String text) {
        return text.length() <= LONGEST_NSID && NSID.matcher(text).matches() && text.indexOf('.') != text.lastIndexOf('.');
    }

    private static RepoVerdict refused(int status, JsonNode root) {
        Optional<String> named = RepoRefusal.status(status, root);
        return named.isPresent() ? new Inactive(named.get()) : new HostFailed("status_4xx");
    }
}
