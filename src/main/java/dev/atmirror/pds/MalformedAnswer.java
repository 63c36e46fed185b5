package dev.atmirror.pds;

/** A host answered 200 with what its lexicon does not allow. The message is for a person and never quotes the answer. */
public final class MalformedAnswer extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedAnswer(String message) {
        super(message);
    }

    MalformedAnswer(String message, Throwable cause) {
        super(message, cause);
    }
}
