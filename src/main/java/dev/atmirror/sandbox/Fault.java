package dev.atmirror.sandbox;

import java.util.Optional;

/** What the sandbox can do wrong on demand. The first group meets any request of a directory, the second only pages. */
public enum Fault {
    /** Status 500. */
    SERVER_ERROR("serverError", false),
    /** Status 429 with {@code Retry-After: 1}, whatever the limit says. */
    TOO_MANY_REQUESTS("tooManyRequests", false),
    /** An HTML page with status 200, as a proxy in between would send it. */
    HTML("html", false),
    /** No answer at all; the connection stays open. */
    STALL("stall", false),

    /** The connection ends in the middle of the body that {@code Content-Length} announced. */
    CUT_BODY("cutBody", true),
    /** The last line lacks its second half, and the response ends well. */
    TRUNCATED_LINE("truncatedLine", true),
    /** Blank lines between the operations and at the end. */
    BLANK_LINES("blankLines", true),
    /** Every tenth line, the first included, comes twice. */
    DUPLICATE_LINES("duplicateLines", true),
    /** A line of a {@code type} that no version of the protocol knows. */
    UNKNOWN_TYPE("unknownType", true),
    /** A line in the middle that is no JSON. */
    NOT_JSON("notJson", true);

    private final String key;
    private final boolean ofPages;

    Fault(String key, boolean ofPages) {
        this.key = key;
        this.ofPages = ofPages;
    }

    /** The name in JSON. */
    public String key() {
        return key;
    }

    boolean ofPages() {
        return ofPages;
    }

    static Optional<Fault> named(String key) {
        for (Fault fault : values()) {
            if (fault.key.equals(key)) {
                return Optional.of(fault);
            }
        }
        return Optional.empty();
    }
}
