package dev.atmirror.plc;

/** The upstream did not answer as a directory does. The request is worth repeating later. */
public final class UpstreamFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String kind;

    /** @param kind short name for the metric: html, cut, too_large, unparsable… */
    public UpstreamFailure(String kind, String message) {
        super(message);
        this.kind = kind;
    }

    public String kind() {
        return kind;
    }
}
