package dev.atmirror.pds;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Whether a host's refusal to describe or list a repo speaks of that repo. An error that does not (the host cannot
 * reach the directory, has no such path, wants a login) is the host's failure and says nothing of the account.
 */
public final class RepoRefusal {
    static final String NOT_FOUND = "notfound";

    /** Names that the lexicons of {@code com.atproto.sync} and {@code com.atproto.repo} give to refusals of a repo. */
    private static final Map<String, String> NAMED = Map.of(
            "RepoNotFound", NOT_FOUND,
            "RepoTakendown", "takendown",
            "RepoSuspended", "suspended",
            "RepoDeactivated", "deactivated");

    /** Names that hosts use for anything: here the message decides. */
    private static final Set<String> GENERAL = Set.of("NotFound", "InvalidRequest");

    private static final String SUBJECT = "(?:repo|repository|account|user|actor)";
    private static final String ABSENT = "(?:not found|does not exist|doesn't exist|not exist)";
    private static final Pattern ABSENT_REPO = Pattern.compile(
            "\\b(?:could not|couldn't|cannot|can't) find (?:the |a |an |any )?" + SUBJECT + "\\b"
                    + "|\\b(?:no such|unknown|no) " + SUBJECT + "\\b(?! (?:directory|service|resolver|server|store))"
                    + "|\\b" + SUBJECT + "\\b[^.;]{0,80}?\\b" + ABSENT);

    /** What did not answer is then something that the host asked, not its own list of accounts. */
    private static final Pattern LOOKING_ELSEWHERE = Pattern.compile("resol(?:v|ut)|plc|upstream|time[d -]*out|unavailable|did doc");

    private RepoRefusal() {}

    /** @return takendown, suspended, deactivated or notfound; empty where the answer says nothing of the repo */
    public static Optional<String> status(HostAnswer answer) {
        if (!mayRefuse(answer.status()) || answer.failure().isPresent()) {
            return Optional.empty();
        }
        try {
            return status(answer.status(), Answers.object(answer));
        } catch (MalformedAnswer e) {
            return Optional.empty();
        }
    }

    static Optional<String> status(int status, JsonNode root) {
        if (!mayRefuse(status)) {
            return Optional.empty();
        }
        String error = root.path("error").asText();
        if (NAMED.containsKey(error)) {
            return Optional.of(NAMED.get(error));
        }
        String message = root.path("message").asText().toLowerCase(Locale.ROOT);
        // The DID itself may hold any letters, "plc" among them.
        String words = message.replaceAll("did:[a-z]+:\\S*", "");
        boolean absent = status != 403
                && GENERAL.contains(error)
                && ABSENT_REPO.matcher(words).find()
                && !LOOKING_ELSEWHERE.matcher(words).find();
        return absent ? Optional.of(NOT_FOUND) : Optional.empty();
    }

    private static boolean mayRefuse(int status) {
        return status == 400 || status == 403 || status == 404;
    }
}
