package dev.atmirror.net;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.protocol.RedirectLocations;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

/**
 * A file at a server, from any byte on. All that it hands out is of the version that it saw first, as far as the server can
 * tell; another one is a {@link DownloadFailure}. One body at a time.
 *
 * <p>By Apache's client and not by the JDK's, whose time limits end with the headers: a body that falls silent would be waited
 * for without end.
 */
final class RemoteFile implements Closeable {
    private static final int MOST_REDIRECTS = 5;
    private static final int MOST_HEADERS = 200;
    private static final int LONGEST_LINE = 16 << 10; // signed addresses of object stores take 2 KB
    private static final int PASSED_AT_ONCE = 1 << 16;
    private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");
    private static final Pattern SECONDS = Pattern.compile("\\d{1,6}");

    private final CloseableHttpClient client;
    private final URI asked;
    private volatile URI present;
    private Optional<FileVersion> version = Optional.empty();
    private volatile Optional<HttpGet> request = Optional.empty();
    private volatile boolean closed;

    /** An answer that says to come again. @param retryAfter as the server wants it; zero where it says nothing */
    static final class NotNow extends IOException {
        private static final long serialVersionUID = 1;

        final Duration retryAfter;

        private NotNow(int status, Duration retryAfter) {
            super("the server answers " + status);
            this.retryAfter = retryAfter;
        }
    }

    /** @param silence until a connection stands, and between two bytes */
    RemoteFile(URI asked, String userAgent, Duration silence) {
        this.asked = asked;
        this.present = asked;
        Timeout timeout = Timeout.of(silence);
        Http1Config heads = Http1Config.custom()
                .setMaxHeaderCount(MOST_HEADERS)
                .setMaxLineLength(LONGEST_LINE)
                .build();
        client = HttpClients.custom()
                .setUserAgent(userAgent)
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                                .http1Config(heads)
                                .build())
                        .setDefaultTlsConfig(TlsConfig.custom().setHandshakeTimeout(timeout).build())
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(timeout)
                                .setSocketTimeout(timeout)
                                .build())
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(timeout)
                        .setResponseTimeout(timeout)
                        .setMaxRedirects(MOST_REDIRECTS)
                        .setAuthenticationEnabled(false)
                        .setProtocolUpgradeEnabled(false)
                        .build())
                .disableAutomaticRetries() // the download counts its own
                .disableContentCompression() // the file's own bytes are wanted, as their digest is compared
                .disableCookieManagement()
                .disableAuthCaching()
                .build();
    }

    /** Where the file is, behind redirects. */
    URI present() {
        return present;
    }

    /** Bytes of the whole file; negative where the server does not say, and before the first answer. */
    long length() {
        return version.map(FileVersion::length).orElse(-1L);
    }

    /**
     * The file from a byte on.
     *
     * @param read digest of the bytes before it, as they were read
     * @throws DownloadFailure where asking again would not help
     * @throws IOException where it might
     */
    InputStream from(long position, MessageDigest read) throws IOException {
        try {
            return ask(present, position, read);
        } catch (DownloadFailure e) {
            if (!e.isRefusal() || present.equals(asked)) {
                throw e;
            }
            // Object stores sign an address for minutes. The one that redirected there gives a new one.
            return ask(asked, position, read);
        }
    }

    private InputStream ask(URI uri, long position, MessageDigest read) throws IOException {
        HttpGet get = new HttpGet(uri);
        get.setHeader("Accept-Encoding", "identity");
        if (position > 0) {
            get.setHeader("Range", "bytes=" + position + "-");
            version.flatMap(FileVersion::condition).ifPresent(condition -> get.setHeader("If-Range", condition));
        }
        request = Optional.of(get);
        if (closed) {
            throw new IOException("closed");
        }
        HttpClientContext context = HttpClientContext.create();
        ClassicHttpResponse response = client.executeOpen(null, get, context);
        try {
            present = behindRedirects(uri, context);
            return body(response, position, read);
        } catch (IOException | RuntimeException e) {
            letGo();
            throw e;
        }
    }

    private URI behindRedirects(URI uri, HttpClientContext context) throws DownloadFailure {
        RedirectLocations passed = context.getRedirectLocations();
        URI last = passed == null || passed.size() == 0 ? uri : passed.get(passed.size() - 1);
        if ("https".equalsIgnoreCase(asked.getScheme()) && !"https".equalsIgnoreCase(last.getScheme())) {
            throw new DownloadFailure(asked + " leads from https to " + last + ", where anyone on the way could change it");
        }
        return last;
    }

    private InputStream body(ClassicHttpResponse response, long position, MessageDigest read) throws IOException {
        int status = response.getCode();
        if (status == 408 || status == 429 || status >= 500) {
            throw new NotNow(status, retryAfter(response));
        } else if (status == 412 || status == 416) {
            throw changed();
        } else if (status != 200 && (status != 206 || position == 0)) {
            throw new DownloadFailure(present + ": " + said(status), status);
        }
        HttpEntity entity = response.getEntity();
        if (entity == null) {
            throw new DownloadFailure(present + ": the server answers " + status + " without a file");
        }
        long length = entity.getContentLength();
        compare(FileVersion.of(response, status == 200 ? length : wholeLength(response, position, length)));
        InputStream in = entity.getContent();
        if (status == 200 && position > 0) {
            pass(in, position, read);
        }
        return in;
    }

    private void compare(FileVersion now) throws DownloadFailure {
        if (version.isPresent() && version.get().differs(now)) {
            throw changed();
        }
        version = Optional.of(version.map(first -> first.and(now)).orElse(now));
    }

    /** Of the whole file, from the answer with a part of it. */
    private long wholeLength(ClassicHttpResponse response, long position, long length) throws DownloadFailure {
        Matcher range = RANGE.matcher(FileVersion.header(response, "Content-Range").orElse(""));
        boolean fits = range.matches()
                && Long.parseLong(range.group(1)) == position
                && (length < 0 || length == Long.parseLong(range.group(2)) - position + 1);
        if (!fits) {
            throw new DownloadFailure(present + ": the server was asked for the file from byte " + position
                    + " on, and answers with another part");
        }
        // Where nobody says how long the file is, a part that ends early would look like its end.
        long whole = range.group(3).equals("*") ? length() : Long.parseLong(range.group(3));
        if (whole < 0 || whole <= Long.parseLong(range.group(2))) {
            throw new DownloadFailure(present + ": the server answers with a part of the file and does not say of how long a one");
        }
        return whole;
    }

    /** Passes over what was read, where a server sends the whole file whatever part is asked for; a part of it would begin otherwise. */
    private void pass(InputStream in, long bytes, MessageDigest read) throws IOException {
        MessageDigest passed = sha256();
        byte[] buffer = new byte[PASSED_AT_ONCE];
        for (long left = bytes; left > 0; ) {
            int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (count < 0) {
                throw changed();
            }
            passed.update(buffer, 0, count);
            left -= count;
        }
        if (!MessageDigest.isEqual(passed.digest(), read.digest())) {
            throw changed();
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private DownloadFailure changed() {
        return new DownloadFailure(present + " has changed at the server while it was read; begin again");
    }

    private static String said(int status) {
        String what =
                switch (status) {
                    case 404, 410 -> "there is no such file";
                    case 401, 403 -> "the file is not for everyone";
                    case 301, 302, 303, 307, 308 -> "a redirect that leads nowhere";
                    default -> "no file";
                };
        return "the server answers " + status + ", " + what;
    }

    private static Duration retryAfter(ClassicHttpResponse response) {
        return FileVersion.header(response, "Retry-After")
                .filter(text -> SECONDS.matcher(text).matches())
                .map(text -> Duration.ofSeconds(Long.parseLong(text)))
                .orElse(Duration.ZERO);
    }

    /** Cuts the connection: reading the rest of a body to save it could take for ever. */
    void letGo() {
        request.ifPresent(HttpGet::cancel);
    }

    /** Also ends what another thread waits for. */
    @Override
    public void close() {
        closed = true;
        letGo();
        client.close(CloseMode.IMMEDIATE);
    }
}
