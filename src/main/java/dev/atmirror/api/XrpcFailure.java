package dev.atmirror.api;

import dev.atmirror.identity.Json;
import java.util.Optional;

/** An error as XRPC words it: a name from the method's lexicon, and a message for people. */
final class XrpcFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String error;
    private final int retryAfterSeconds; // 0 for none
    private final boolean missing;

    XrpcFailure(int status, String error, String message) {
        this(status, error, message, Optional.empty());
    }

    XrpcFailure(int status, String error, String message, Optional<Integer> retryAfterSeconds) {
        this(status, error, message, retryAfterSeconds.orElse(0), false);
    }

    private XrpcFailure(int status, String error, String message, int retryAfterSeconds, boolean missing) {
        super(message, null, false, false); // an expected answer needs no stack
        this.status = status;
        this.error = error;
        this.retryAfterSeconds = retryAfterSeconds;
        this.missing = missing;
    }

    /** It is certain that there is no such handle or DID. */
    static XrpcFailure missing(String error, String message) {
        return new XrpcFailure(404, error, message, 0, true);
    }

    /** Whether it says that there is no such handle or DID, and not that something failed. */
    boolean isMissing() {
        return missing;
    }

    /** Answers the same failure under another status. */
    Answer answer(int otherStatus) {
        return answer(otherStatus, error, getMessage());
    }

    Answer answer() {
        Answer answer = answer(status, error, getMessage());
        return retryAfterSeconds > 0 ? answer.with("Retry-After", String.valueOf(retryAfterSeconds)) : answer;
    }

    static Answer answer(int status, String error, String message) {
        return Answer.json(status, Json.MAPPER.createObjectNode().put("error", error).put("message", message));
    }
}
