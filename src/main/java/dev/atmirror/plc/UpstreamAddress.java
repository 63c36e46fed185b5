package dev.atmirror.plc;

import java.net.URI;
import java.util.List;
import java.util.Locale;

/**
 * Names a directory by its whole address, since one host may offer several that number their operations differently.
 * Neither name holds a user or a password.
 *
 * @param key what its cursor is kept under: host, port where it is not the scheme's own, and path, such as
 *     {@code plc.directory}; what answers by http and https at their own ports is one directory
 * @param url for messages
 * @param former what earlier versions may have kept its cursor under: host and port alone, in lower case
 */
public record UpstreamAddress(String key, String url, List<String> former) {
    private static final int HTTPS = 443;
    private static final int HTTP = 80;

    /** @param base without {@code /export} and without a slash at its end */
    public static UpstreamAddress of(URI base) {
        URI plain = base.normalize();
        String scheme = plain.getScheme().toLowerCase(Locale.ROOT);
        String host = plain.getHost().toLowerCase(Locale.ROOT);
        int own = scheme.equals("https") ? HTTPS : HTTP;
        int port = plain.getPort() < 0 ? own : plain.getPort();
        String path = plain.getRawPath() == null ? "" : plain.getRawPath().replaceFirst("/+$", "");
        String named = host + ":" + port;
        String authority = port == own ? host : named;
        return new UpstreamAddress(
                authority + path,
                scheme + "://" + authority + path,
                port == own ? List.of(host, named) : List.of(named));
    }
}
