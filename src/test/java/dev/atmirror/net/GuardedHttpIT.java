package dev.atmirror.net;

import static dev.atmirror.net.StrangeHost.gzip;
import static dev.atmirror.net.StrangeHost.ok;
import static dev.atmirror.net.StrangeHost.redirect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atmirror.net.FetchFailure.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What hosts may try, over real sockets. */
@Timeout(30)
class GuardedHttpIT {
    private static final int MOST_BYTES = 100_000;
    private static final FetchLimits LIMITS =
            new FetchLimits(Duration.ofMillis(700), Duration.ofMillis(700), Duration.ofMillis(1_500), MOST_BYTES);
    private static final PoolLimits ONE_A_HOST = new PoolLimits(10, 1, Duration.ofSeconds(30));
    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    private GuardedHttp http = new GuardedHttp(LIMITS, ONE_A_HOST, true);
    private StrangeHost host;

    @AfterEach
    void close() throws IOException {
        http.close();
        if (host != null) {
            host.close();
        }
    }

    @Test
    void fetch_goodAnswer_comesWholeAndKeepsItsConnection() {
        host = StrangeHost.saying(ok("hello"));
        assertThat(fetch(host.url())).isEqualTo("200 hello");
        assertThat(fetch(host.url())).isEqualTo("200 hello");
        assertThat(host.connections).hasValue(1);
    }

    @Test
    void fetch_gzip_isUnpacked() {
        host = gzipped("gzip", gzip("hello".getBytes(StandardCharsets.UTF_8)));
        assertThat(fetch(host.url())).isEqualTo("200 hello");
        assertThat(host.requests.get(0).lines()).contains("Accept-Encoding: gzip, x-gzip");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "[::1]", "169.254.169.254", "10.0.0.1"})
    void fetch_privateAddress_isRefusedWhereItIsDialled(String address) throws IOException {
        host = StrangeHost.saying(ok("secret"));
        guardWith(new AddressGuard(false)); // behind a URL check that lets all pass
        assertThat(failure("http://" + address + ":" + host.port()).message()).startsWith("refused: ").contains("not public");
        assertThat(host.connections).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://pds.example", "https://pds.example:8443", "https://127.0.0.1", "https://localhost", "https://8.8.8.8"})
    void fetch_urlThatIsNoPds_isRefused(String url) {
        http.close();
        http = new GuardedHttp(LIMITS, ONE_A_HOST, false);
        FetchFailure failure = failure(url);
        assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
        assertThat(failure.message()).startsWith("refused: must not be fetched: " + url);
    }

    @Test
    void redirect_toLoopback_isRefusedWhereItIsDialled() throws IOException {
        StrangeHost inner = StrangeHost.saying(ok("secret"));
        host = StrangeHost.saying(redirect(inner.url()));
        guardWith(stranger());
        assertThat(failure(strange(host)).message()).isEqualTo("refused: 127.0.0.1 lies at 127.0.0.1, which is not public");
        assertThat(inner.connections).hasValue(0);
        inner.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://pds.example/", "file:///etc/passwd", "http://user:pw@pds.example/", "http://127.1/", "gopher://x"})
    void redirect_toOddUrl_isRefused(String location) {
        host = StrangeHost.saying(redirect(location));
        assertThat(failure(host.url()).kind()).isIn(Kind.REFUSED, Kind.MALFORMED);
    }

    @Test
    void redirect_onceElsewhere_isFollowed() throws IOException {
        StrangeHost other = StrangeHost.saying(ok("moved"));
        host = StrangeHost.saying(redirect(other.url() + "/there"));
        assertThat(fetch(host.url())).isEqualTo("200 moved");
        assertThat(other.requests.get(0).path()).isEqualTo("/there");
        other.close();
    }

    @Test
    void redirect_tenTimes_isGivenUpAfterThree() {
        host = new StrangeHost((request, out) -> write(out, redirect(request.path() + "x")));
        assertThat(failure(host.url())).isEqualTo(new FetchFailure(Kind.REDIRECTS, "redirects: Maximum redirects (3) exceeded"));
        assertThat(host.requests).hasSize(4);
    }

    @Test
    void redirect_inACircle_isGivenUp() {
        host = StrangeHost.saying(redirect("/"));
        assertThat(failure(host.url() + "/").kind()).isEqualTo(Kind.REDIRECTS);
    }

    @Test
    void redirect_withEndlessBody_isCut() {
        host = new StrangeHost((request, out) -> {
            write(out, "HTTP/1.1 302 Found\r\nLocation: /x\r\nTransfer-Encoding: chunked\r\n\r\n");
            endlessChunks(out);
        });
        assertThat(failure(host.url()).kind()).isIn(Kind.TOO_LARGE, Kind.TOO_SLOW);
    }

    @Test
    void body_chunkedWithoutEnd_isTooLarge() {
        host = new StrangeHost((request, out) -> {
            write(out, CHUNKED);
            endlessChunks(out);
        });
        assertThat(failure(host.url())).isEqualTo(new FetchFailure(Kind.TOO_LARGE, "too large: more than 100000 bytes"));
    }

    @Test
    void body_gzipBomb_isTooLarge() {
        host = gzipped("gzip", gzip(new byte[50 << 20]));
        assertThat(failure(host.url()).message()).isEqualTo("too large: more than 100000 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip, gzip", "br", "deflate"})
    void body_encodingNotAskedFor_isRefused(String coding) {
        host = gzipped(coding, gzip(gzip(new byte[1 << 20])));
        assertThat(failure(host.url()).message()).isEqualTo("malformed: a content encoding that was not asked for: " + coding);
    }

    @Test
    void body_tricklingWithoutEnd_isTooSlow() {
        host = new StrangeHost((request, out) -> {
            write(out, CHUNKED);
            trickle(request, out, "1\r\nx\r\n");
        });
        assertThat(failure(host.url()))
                .isEqualTo(new FetchFailure(Kind.TOO_SLOW, "too slow: not answered in full within 1500 ms"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "HTTP/1.1 103 Early Hints\r\n\r\n", "HTTP/1.1 200 OK\r\nX: "})
    void head_tricklingWithoutEnd_isTooSlow(String piece) {
        host = new StrangeHost((request, out) -> {
            write(out, piece.length() > 1 ? piece : "HTTP/1.1 200 OK\r\nX: ");
            trickle(request, out, piece.endsWith("\n") ? piece : "x");
        });
        assertThat(failure(host.url()).kind()).isEqualTo(Kind.TOO_SLOW);
    }

    @Test
    void handshake_tricklingWithoutEnd_isTooSlow() {
        host = StrangeHost.speakingFirst((request, out) -> {
            out.write(new byte[] {0x16, 3, 3, 0x40, 0}); // a record of 16 KB
            trickle(request, out, "x");
        });
        assertThat(failure("https://127.0.0.1:" + host.port()).kind()).isEqualTo(Kind.TOO_SLOW);
    }

    @Test
    void head_endlessHeaders_isMalformed() {
        host = new StrangeHost((request, out) -> {
            write(out, "HTTP/1.1 200 OK\r\n");
            while (true) {
                write(out, "X: y\r\n");
            }
        });
        assertThat(failure(host.url()).message()).isEqualTo("malformed: Maximum header count exceeded");
    }

    @Test
    void head_endlessLine_isMalformed() {
        host = new StrangeHost((request, out) -> {
            write(out, "HTTP/1.1 200 OK\r\nX: ");
            while (true) {
                write(out, "y".repeat(1_000));
            }
        });
        assertThat(failure(host.url()).message()).isEqualTo("malformed: Maximum line length limit exceeded");
    }

    @Test
    void host_notListening_isUnreachable() throws IOException {
        int port;
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = gone.getLocalPort();
        }
        assertThat(failure("http://127.0.0.1:" + port).message()).startsWith("unreachable: ").contains("refused");
    }

    @Test
    void host_unknown_isSaid() {
        assertThat(failure("http://nowhere.invalid").message()).startsWith("unknown host: nowhere.invalid: ");
    }

    @Test
    void body_halfSent_isCutShort() {
        host = hangingUpAfter("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
        assertThat(failure(host.url()).message()).startsWith("cut short: Premature end of Content-Length");
    }

    @Test
    void body_halfChunked_isCutShort() {
        host = hangingUpAfter(CHUNKED + "ff\r\nhalf");
        assertThat(failure(host.url()).kind()).isEqualTo(Kind.CUT_SHORT);
    }

    @Test
    void body_connectionReset_isCutShortAsTheHostIsThere() {
        host = new StrangeHost((request, out) -> {
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            request.pause();
            request.reset();
        });
        assertThat(failure(host.url()).message()).isEqualTo("cut short: Connection reset");
    }

    @Test
    void head_missing_isCutShortAndNotRepeated() {
        host = hangingUpAfter("");
        assertThat(failure(host.url()).kind()).isEqualTo(Kind.CUT_SHORT);
        assertThat(host.connections).hasValue(1);
    }

    @Test
    void head_neverSent_isSilent() {
        host = new StrangeHost((request, out) -> trickle(request, out, ""));
        assertThat(failure(host.url()).message()).startsWith("silent: Read timed out");
    }

    @Test
    void answer_notHttp_isMalformed() {
        host = hangingUpAfter("SSH-2.0-OpenSSH_9.2\r\n".repeat(50));
        assertThat(failure(host.url()).kind()).isIn(Kind.MALFORMED, Kind.CUT_SHORT);
    }

    @Test
    void handshake_plainAnswer_isTlsFailure() {
        host = StrangeHost.speakingFirst((request, out) -> trickle(request, out, ok("hello")));
        assertThat(failure("https://127.0.0.1:" + host.port()).kind()).isEqualTo(Kind.TLS);
    }

    @Test
    void handshake_selfSignedCertificate_isTlsFailure() throws Exception {
        host = StrangeHost.withOwnCertificate((request, out) -> write(out, ok("hello")));
        assertThat(failure("https://localhost:" + host.port()).message()).startsWith("TLS: ").contains("certification path");
        assertThat(host.requests).isEmpty();
    }

    @Test
    void answer_unavailable_isNotRepeated() {
        host = StrangeHost.saying("HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n");
        assertThat(fetch(host.url())).isEqualTo("503 ");
        assertThat(host.requests).hasSize(1);
    }

    @Test
    void cookie_set_isNotSentBack() {
        host = StrangeHost.saying("HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n");
        fetch(host.url());
        fetch(host.url());
        assertThat(host.requests).hasSize(2).noneMatch(request -> request.has("cookie"));
    }

    @Test
    void body_neverRead_givesItsConnectionBack() throws IOException {
        host = StrangeHost.saying(ok("x".repeat(90_000)));
        open(host.url()); // and forgets it: one connection a host is all there is
        await().untilAsserted(() -> assertThat(fetch(host.url())).startsWith("200 x"));
    }

    @Test
    void connections_allInUse_isBusy() throws IOException {
        host = StrangeHost.saying(ok("hello"));
        open(host.url());
        assertThat(failure(host.url()).kind()).isEqualTo(Kind.BUSY);
    }

    private void guardWith(DnsResolver guard) {
        http.close();
        http = new GuardedHttp(LIMITS, ONE_A_HOST, true, guard);
    }

    /** Takes {@code strange.example} for a public host; it lies at loopback as all hosts of tests. */
    private static DnsResolver stranger() {
        AddressGuard guard = new AddressGuard(false);
        return new DnsResolver() {
            @Override
            public InetAddress[] resolve(String name) throws UnknownHostException {
                return name.equals("strange.example")
                        ? new InetAddress[] {InetAddress.getLoopbackAddress()}
                        : guard.resolve(name);
            }

            @Override
            public String resolveCanonicalHostname(String name) {
                return name;
            }
        };
    }

    private static String strange(StrangeHost host) {
        return "http://strange.example:" + host.port();
    }

    private static StrangeHost hangingUpAfter(String bytes) {
        return new StrangeHost((request, out) -> {
            write(out, bytes);
            throw new IOException("hangs up");
        });
    }

    private static StrangeHost gzipped(String coding, byte[] body) {
        return new StrangeHost((request, out) -> {
            write(out, "HTTP/1.1 200 OK\r\nContent-Encoding: " + coding + "\r\nContent-Length: " + body.length + "\r\n\r\n");
            out.write(body);
        });
    }

    private static void endlessChunks(OutputStream out) throws IOException {
        while (true) {
            write(out, "400\r\n" + "x".repeat(1024) + "\r\n");
        }
    }

    private static void trickle(StrangeHost.Request request, OutputStream out, String piece) throws IOException {
        while (true) {
            write(out, piece);
            request.pause();
        }
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    /** Status and body. */
    private String fetch(String url) {
        try {
            ClassicHttpResponse response = open(url);
            try (InputStream body = response.getEntity().getContent()) {
                return response.getCode() + " " + new String(body.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            return FetchFailure.of(e).kind().name();
        }
    }

    private FetchFailure failure(String url) {
        try {
            open(url).getEntity().getContent().readAllBytes();
            throw new AssertionError("answered");
        } catch (IOException e) {
            return FetchFailure.of(e);
        }
    }

    private ClassicHttpResponse open(String url) throws IOException {
        HttpClientBuilder builder = HttpClientBuilder.create();
        http.configure(builder);
        CloseableHttpClient client = builder.build(); // its connections are closed with http
        return client.executeOpen(null, new HttpGet(url), null);
    }
}
