package dev.atmirror.net;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.zip.ZipException;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.RedirectException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.TruncatedChunkException;

/**
 * Why a request to a stranger brought no whole answer.
 *
 * @param kind one of few, for metrics and for what to do next
 * @param message one short line without control characters, fit to be stored and shown
 */
public record FetchFailure(Kind kind, String message) {
    private static final int LONGEST = 200;

    /** What went wrong; all but {@link #BUSY} and {@link #OTHER} are the host's doing. */
    public enum Kind {
        /** the address or the URL is not one that we fetch from */
        REFUSED("refused"),
        /** the name has no address, or its name servers are silent */
        UNKNOWN_HOST("unknown host"),
        /** nobody listens, or no way leads there */
        UNREACHABLE("unreachable"),
        /** certificate or handshake */
        TLS("TLS"),
        /** no byte for too long */
        SILENT("silent"),
        /** bytes, but too few of them in all the time */
        TOO_SLOW("too slow"),
        TOO_LARGE("too large"),
        /** more redirects than are followed, or in a circle */
        REDIRECTS("redirects"),
        /** hung up before the end */
        CUT_SHORT("cut short"),
        /** not HTTP, or not as it should be */
        MALFORMED("malformed"),
        /** no connection of ours was free: too many at once */
        BUSY("busy"),
        OTHER("failed");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    /** @param thrown what the client, or whoever read the body, threw; wrapped in anything */
    public static FetchFailure of(Throwable thrown) {
        Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < 20; depth++) {
            Kind kind = kind(cause);
            if (kind != Kind.OTHER) {
                return new FetchFailure(kind, line(kind, cause.getMessage()));
            }
            cause = cause.getCause();
        }
        return new FetchFailure(Kind.OTHER, line(Kind.OTHER, thrown.toString()));
    }

    /** What happened, to follow the host's name or address in a sentence: {@code refused the connection}. */
    public String predicate() {
        String detail = message.length() > kind.words.length() ? " (" + message.substring(kind.words.length() + 2) + ")" : "";
        return switch (kind) {
            case REFUSED -> "is not asked" + detail;
            case UNKNOWN_HOST -> "has a host name that is not known" + detail;
            case UNREACHABLE -> unreachable(detail);
            case TLS -> "failed the TLS handshake" + detail;
            case SILENT -> "did not answer in time";
            case TOO_SLOW -> "answered too slowly" + detail;
            case TOO_LARGE -> "answered with too much" + detail;
            case REDIRECTS -> "redirects too often" + detail;
            case CUT_SHORT -> "broke off the connection";
            case MALFORMED -> "does not speak HTTP as it should" + detail;
            case BUSY -> "was not asked, as no connection was free";
            case OTHER -> "was not reached" + detail;
        };
    }

    private static String unreachable(String detail) {
        String lower = detail.toLowerCase(Locale.ROOT);
        return lower.contains("refused")
                ? "refused the connection"
                : lower.contains("timed out") ? "did not accept the connection in time" : "cannot be reached" + detail;
    }

    private static Kind kind(Throwable cause) {
        if (cause instanceof RefusedAddress || cause instanceof RefusedTarget) {
            return Kind.REFUSED;
        } else if (cause instanceof TooSlow) {
            return Kind.TOO_SLOW;
        } else if (cause instanceof TooLarge) {
            return Kind.TOO_LARGE;
        } else if (cause instanceof RedirectException) {
            return Kind.REDIRECTS;
        } else if (cause instanceof IOException io) {
            return ofConnection(io);
        }
        return cause instanceof HttpException ? Kind.MALFORMED : Kind.OTHER;
    }

    private static Kind ofConnection(IOException cause) {
        if (cause instanceof UnknownHostException) {
            return Kind.UNKNOWN_HOST;
        } else if (cause instanceof ConnectionRequestTimeoutException) {
            return Kind.BUSY;
        } else if (cause instanceof ConnectTimeoutException) {
            return Kind.UNREACHABLE;
        } else if (cause instanceof SocketTimeoutException) {
            return Kind.SILENT;
        } else if (cause instanceof SSLException) {
            return Kind.TLS;
        } else if (cause instanceof TruncatedChunkException || cause instanceof ConnectionClosedException
                || cause instanceof NoHttpResponseException || cause instanceof EOFException) {
            return Kind.CUT_SHORT;
        } else if (cause instanceof ConnectException || cause instanceof NoRouteToHostException) {
            return Kind.UNREACHABLE;
        } else if (cause instanceof SocketException) {
            return Kind.CUT_SHORT; // A connection that was there broke: the host is not gone.
        } else if (cause instanceof MessageConstraintException || cause instanceof MalformedChunkCodingException
                || cause instanceof ZipException) {
            return Kind.MALFORMED;
        }
        return cause instanceof InterruptedIOException ? Kind.BUSY : Kind.OTHER;
    }

    /** Messages may quote the host: a NUL of its would keep the line out of the database. */
    private static String line(Kind kind, String message) {
        String whole = kind.words + (message == null ? "" : ": " + message);
        String clean = whole.replaceAll("[^\\x20-\\x7e]+", " ");
        return clean.length() > LONGEST ? clean.substring(0, LONGEST - 1) + "~" : clean;
    }
}
