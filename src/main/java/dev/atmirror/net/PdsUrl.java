package dev.atmirror.net;

import java.net.IDN;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where a PDS says it is, in one spelling, so that equal hosts are equal strings. Documents hold anything that a person
 * could type; {@link #of} takes what may be fetched and nothing else.
 *
 * @param scheme {@code https}, or {@code http} where private networks are allowed
 * @param host lower case, ASCII, without a trailing dot; an IPv6 literal in brackets
 * @param port also when it is the scheme's own
 */
public record PdsUrl(String scheme, String host, int port) {
    private static final int LONGEST_HOST = 253;
    private static final int LONGEST = LONGEST_HOST + 20; // scheme, port, slash
    private static final int LAST_PORT = 65_535;
    // No % and no backslash: other readers of URLs decode the one and take the other for a slash.
    private static final Pattern SHAPE = Pattern.compile(
            "(https?)://(\\[[0-9a-f:.]+]|[^\\[\\]/?#@:%\\\\\\s\\p{Cntrl}]+)(?::([0-9]{1,5}))?/?",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+|0x[0-9a-f]*"); // never the last label of a name
    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");

    /**
     * @param claimed for instance {@code https://Morel.us-east.host.bsky.network/}
     * @param allowPrivate true takes plain http, any port, single labels and address literals, too
     * @return empty for whatever must not be fetched
     */
    public static Optional<PdsUrl> of(String claimed, boolean allowPrivate) {
        if (claimed == null || claimed.length() > LONGEST) {
            return Optional.empty();
        }
        Matcher parts = SHAPE.matcher(claimed);
        if (!parts.matches()) {
            return Optional.empty();
        }
        String scheme = parts.group(1).toLowerCase(Locale.ROOT);
        int port = parts.group(3) == null ? ownPort(scheme) : Integer.parseInt(parts.group(3));
        boolean usual = scheme.equals("https") && port == ownPort(scheme);
        if (!(usual || allowPrivate) || port < 1 || port > LAST_PORT) {
            return Optional.empty();
        }
        String written = parts.group(2);
        return (written.startsWith("[") ? ipv6(written) : name(written))
                .filter(host -> allowPrivate || isPublicName(host))
                .map(host -> new PdsUrl(scheme, host, port));
    }

    /** The hosts that somebody may mean who names one with or without a scheme, the likeliest first. */
    public static List<String> meant(String named) {
        Stream<String> urls = named.contains("://") ? Stream.of(named) : Stream.of("https://" + named, "http://" + named);
        return urls.flatMap(url -> of(url, true).stream()).map(PdsUrl::toString).toList();
    }

    /**
     * Who runs it, as far as rate limits go: hosts of one operator share a budget.
     *
     * @param suffixes such as {@code *.host.bsky.network}
     * @return the part behind {@code *.} of the pattern that fits, or the host, with the port unless it is the scheme's
     */
    public String operator(Collection<String> suffixes) {
        return suffixes.stream()
                .map(pattern -> pattern.startsWith("*.") ? pattern.substring(2) : pattern)
                .filter(suffix -> host.equals(suffix) || host.endsWith("." + suffix))
                .findFirst()
                .orElseGet(this::hostAndPort);
    }

    @Override
    public String toString() {
        return scheme + "://" + hostAndPort();
    }

    private String hostAndPort() {
        return port == ownPort(scheme) ? host : host + ":" + port;
    }

    private static int ownPort(String scheme) {
        return scheme.equals("https") ? 443 : 80;
    }

    private static boolean isPublicName(String host) {
        return host.indexOf('.') > 0 && !host.startsWith("[") && !isNumeric(host);
    }

    private static boolean isNumeric(String host) {
        return NUMBER.matcher(host.substring(host.lastIndexOf('.') + 1)).matches();
    }

    private static Optional<String> name(String written) {
        String ascii;
        try {
            ascii = IDN.toASCII(written, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) { // the latter for some malformed surrogates
            return Optional.empty();
        }
        String host = ascii.endsWith(".") ? ascii.substring(0, ascii.length() - 1) : ascii;
        if (host.isEmpty() || host.length() > LONGEST_HOST) {
            return Optional.empty();
        }
        for (String label : host.split("\\.", -1)) {
            if (!LABEL.matcher(label).matches()) {
                return Optional.empty();
            }
        }
        // 127.1, 0x7f.1 and 2130706433 are addresses to a resolver, in spellings that nobody needs.
        return isNumeric(host) && !IPV4.matcher(host).matches() ? Optional.empty() : Optional.of(host);
    }

    private static Optional<String> ipv6(String written) {
        try {
            InetAddress literal = InetAddress.getByName(written); // in brackets nothing is looked up
            byte[] bytes = literal.getAddress();
            return bytes.length == 16 ? Optional.of("[" + literal.getHostAddress() + "]") : Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
