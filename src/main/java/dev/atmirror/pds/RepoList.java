package dev.atmirror.pds;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * A page of {@code com.atproto.sync.listRepos}.
 *
 * @param repos in the host's order, a DID perhaps more than once
 * @param cursor where the next page begins; empty on the last
 * @param malformed entries that are no repos
 */
public record RepoList(List<Repo> repos, Optional<String> cursor, int malformed) {
    /**
     * @param head CID of the commit; empty when not said
     * @param rev of the commit; empty when not said
     * @param status why it is not active: takendown, suspended, deactivated…, an open set; empty when not said, or active
     */
    public record Repo(String did, String head, String rev, boolean active, String status) {}

    private static final Pattern DID = Pattern.compile("did:[a-z]{1,32}:[a-zA-Z0-9._:%-]{0,500}[a-zA-Z0-9._-]");
    private static final String ACTIVE = "active"; // no word of the lexicon, but what some hosts say
    private static final int LONGEST_WORD = 128; // of head, rev and status
    private static final int LONGEST_CURSOR = 2048;
    private static final int LONGEST_DID = 548;

    /** @throws MalformedAnswer when it is no such page, or its cursor is none that one could send back */
    public static RepoList of(HostAnswer answer) throws MalformedAnswer {
        List<Repo> repos = new ArrayList<>();
        AtomicInteger entries = new AtomicInteger();
        JsonNode rest = Answers.list(answer, "repos", entry -> {
            entries.incrementAndGet();
            repo(entry).ifPresent(repos::add);
        });
        return new RepoList(repos, cursor(rest), entries.get() - repos.size());
    }

    private static Optional<Repo> repo(JsonNode entry) {
        return Answers.text(entry, "did", LONGEST_DID)
                .filter(did -> DID.matcher(did).matches())
                .map(did -> {
                    boolean active = isActive(entry);
                    return new Repo(
                            did,
                            Answers.text(entry, "head", LONGEST_WORD).orElse(""),
                            Answers.text(entry, "rev", LONGEST_WORD).orElse(""),
                            active,
                            active ? "" : Answers.text(entry, "status", LONGEST_WORD).filter(s -> !s.equals(ACTIVE)).orElse(""));
                });
    }

    /** The flag decides; where there is none, any status but this one says that the repo is not active. */
    private static boolean isActive(JsonNode entry) {
        JsonNode active = entry.path("active");
        JsonNode status = entry.path("status");
        return active.isBoolean() ? active.booleanValue() : isNothing(status) || ACTIVE.equals(status.textValue());
    }

    private static boolean isNothing(JsonNode member) {
        return member.isMissingNode() || member.isNull() || member.isTextual() && member.textValue().isEmpty();
    }

    private static Optional<String> cursor(JsonNode root) throws MalformedAnswer {
        JsonNode cursor = root.path("cursor");
        if (isNothing(cursor)) {
            return Optional.empty();
        }
        if (cursor.isIntegralNumber()) { // not as the lexicon has it, and as good as text
            return Optional.of(cursor.asText());
        }
        Optional<String> text = Answers.text(root, "cursor", LONGEST_CURSOR);
        if (text.isEmpty()) {
            throw new MalformedAnswer("a cursor that is no text to send back");
        }
        return text;
    }
}
