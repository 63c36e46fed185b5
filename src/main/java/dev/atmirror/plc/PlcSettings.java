package dev.atmirror.plc;

import java.net.URI;
import java.time.Duration;

/**
 * @param upstream base of the directory, without {@code /export} and without a slash at its end
 * @param verify false trusts the upstream's signatures and checks hashes and order only
 * @param pageSize operations asked for in a request
 * @param overlap how far a timestamp cursor steps back, since late commits appear behind it (did-method-plc issue 127)
 * @param readyWithin how old the last successful poll may be for the mirror to count as caught up
 * @param verifyThreads threads that check signatures
 */
public record PlcSettings(
        URI upstream,
        boolean verify,
        int pageSize,
        Duration overlap,
        Duration readyWithin,
        int verifyThreads,
        String userAgent) {

    /** Accepts the address with or without {@code /export} at its end. */
    public static URI upstream(String text) {
        String base = text.strip().replaceFirst("/+$", "").replaceFirst("/export$", "");
        URI uri = URI.create(base);
        if (uri.getHost() == null || !("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
            throw new IllegalArgumentException("not an http(s) address: " + text);
        }
        return uri;
    }

    /** What cursors are kept under: host and port, as numbering differs from host to host. */
    public String host() {
        return upstream.getPort() < 0 ? upstream.getHost() : upstream.getHost() + ":" + upstream.getPort();
    }
}
