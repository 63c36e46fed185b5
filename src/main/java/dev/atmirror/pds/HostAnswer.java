package dev.atmirror.pds;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What became of one request to a host.
 *
 * @param status of HTTP; 0 when there was no answer
 * @param body empty when there was none
 * @param headers by lower-case name
 * @param failure why there was no usable answer, in a few words for a person
 */
public record HostAnswer(int status, byte[] body, Map<String, String> headers, Optional<Failure> failure) {
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;
    private static final int LONGEST_TOLD = 200;

    /**
     * @param kind for metrics: one of a small set
     * @param what for a person
     * @param wholeHost that nothing else of this host would be answered now, such as a refused connection
     */
    public record Failure(String kind, String what, boolean wholeHost) {}

    public static HostAnswer of(int status, byte[] body, Map<String, String> headers) {
        if (status >= SERVER_ERROR) {
            return new HostAnswer(status, body, headers, Optional.of(new Failure("status_5xx", "answered " + status, false)));
        }
        if (status / 100 == 3) {
            return new HostAnswer(status, body, headers, Optional.of(new Failure("redirect", "answered " + status, false)));
        }
        return new HostAnswer(status, body, headers, Optional.empty());
    }

    public static HostAnswer none(Failure failure) {
        return new HostAnswer(0, new byte[0], Map.of(), Optional.of(failure));
    }

    /** No connection of ours was free: as if the host had asked to come again, which blames nobody. */
    public static HostAnswer later() {
        return new HostAnswer(TOO_MANY_REQUESTS, new byte[0], Map.of(), Optional.empty());
    }

    /** Answered, and with what was asked for. */
    public boolean isOk() {
        return failure.isEmpty() && status == 200;
    }

    /** The host asks to come back later. */
    public boolean isThrottled() {
        return status == TOO_MANY_REQUESTS;
    }

    /** Why it is of no use, in a few words for a person; what the host says itself is told, but no more than a line of it. */
    public String refusal() {
        if (failure.isPresent()) {
            return failure.get().what();
        }
        try {
            JsonNode root = Answers.object(this);
            String said = Stream.of("error", "message")
                    .flatMap(member -> Answers.text(root, member, LONGEST_TOLD).stream())
                    .filter(text -> !text.isEmpty())
                    .collect(Collectors.joining(": "));
            return isOk() ? "not as the lexicon has it" : "answered " + status + (said.isEmpty() ? "" : " (" + said + ")");
        } catch (MalformedAnswer e) {
            return isOk() ? e.getMessage() : "answered " + status;
        }
    }

    /** The body as text; what is no UTF-8 becomes U+FFFD. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
