package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.app.Reply;
import dev.atmirror.testkit.LoggedLines;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server without the mirror: what holds for every path (issue 12, A9 and E32). */
class ApiServerIT {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final int TIMEOUT_MILLIS = 10_000;

    // One event loop, so that an answer to a later request shows that everything before it has been handled.
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final ApiServer server = new ApiServer(vertx, InstantSource.system());
    private int port;

    @BeforeEach
    void start() {
        server.router().get("/:did").handler(context -> {
            context.response().putHeader("Content-Length", "8");
            context.end("document");
        });
        server.router().get("/:did/data").handler(context -> context.end("data"));
        server.router().get("/xrpc/:method").handler(context -> context.end("method"));
        server.router().post("/echo").handler(context -> context.end(context.body().asString()));
        port = server.start("127.0.0.1", 0);
    }

    @AfterEach
    void stop() {
        server.close();
        vertx.close();
    }

    private URI address(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** As it is, without what a client would make of the path. */
    private String raw(String head) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write((head + "\r\nHost: localhost\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** What comes before the server has had the body that was promised, and closes. */
    private String untilClosingBrace(String head) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write((head + "\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            StringBuilder answer = new StringBuilder();
            for (int next = socket.getInputStream().read(); next >= 0; next = socket.getInputStream().read()) {
                answer.append((char) next);
                if (next == '}') {
                    break;
                }
            }
            return answer.toString();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {FORM, FORM + "; charset=utf-8", "multipart/form-data; boundary=x", "multipart/form-data", "APPLICATION/X-WWW-FORM-URLENCODED"})
    void get_withAFormForABody_isAnswered(String type) {
        Reply reply = Reply.of("GET", address("/did:plc:x"), type, "a=%zz&b=1".getBytes(StandardCharsets.US_ASCII));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(new String(reply.body(), StandardCharsets.UTF_8)).isEqualTo("document");
        assertThat(Files.exists(Path.of("file-uploads"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {FORM, "multipart/form-data; boundary=x", "application/json"})
    void post_ofWhateverType_hasItsBodyAsItCame(String type) {
        Reply reply = Reply.of("POST", address("/echo"), type, "a=%zz&b=1".getBytes(StandardCharsets.US_ASCII));
        assertThat(new String(reply.body(), StandardCharsets.UTF_8)).isEqualTo("a=%zz&b=1");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "//did:plc:x", "/did:plc:x//", "///", "//", "/did:plc:x/./data", "/x/../did:plc:x", "/./did:plc:x", "/did:plc:x/.",
        "/did:plc:x/%2e/data", "/x/%2E%2e/did:plc:x", "/x/.%2e/did:plc:x", "/did:plc:x//data"
    })
    void path_thatWouldHaveToBeTidied_isA404AsInTheReference(String path) throws IOException {
        for (String method : new String[] {"GET", "HEAD"}) {
            assertThat(raw(method + " " + path + " HTTP/1.1")).as(method).startsWith("HTTP/1.1 404 ");
        }
        assertThat(raw("GET " + path + " HTTP/1.1")).contains("{\"message\":\"not found: " + path + "\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/did:plc:x", "/did:plc:x/", "/did%3Aplc%3Ax", "/..did", "/did...", "/did:plc:x?a=//&b=/../"})
    void path_thatNeedsNoTidying_isAnswered(String path) throws IOException {
        assertThat(raw("GET " + path + " HTTP/1.1")).startsWith("HTTP/1.1 200 ").endsWith("document");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET http://localhost/did:plc:x?a=b", "HEAD http://localhost/did:plc:x?a=b", "HEAD /did:plc:x?a=%20"})
    void address_inFull_isAnsweredLikeItsPath(String request) throws IOException {
        assertThat(raw(request + " HTTP/1.1")).startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/did:plc:x?a=%zz", "/did:plc:x?%", "/did:plc:x?a=b&&=#x", "/x/y", "/did%zz"})
    void head_ofWhatever_hasTheStatusOfGet(String path) throws IOException {
        String status = raw("GET " + path + " HTTP/1.1").substring(0, "HTTP/1.1 200".length());
        assertThat(raw("HEAD " + path + " HTTP/1.1")).startsWith(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD *", "GET *", "GET x", "HEAD x"})
    void address_withoutASlash_isRefused(String request) throws IOException {
        assertThat(raw(request + " HTTP/1.1")).matches("(?s)HTTP/1.1 40[04] .*");
    }

    @Test
    void head_forWhoTakesGzip_saysNoLengthThatTheBodyWouldNotHave() throws IOException {
        assertThat(raw("HEAD /did:plc:x HTTP/1.1")).contains("Content-Length: 8").endsWith("\r\n\r\n");
        assertThat(raw("HEAD /did:plc:x HTTP/1.1\r\nAccept-Encoding: gzip")).doesNotContainIgnoringCase("\r\nContent-");
    }

    @Test
    void xrpcError_ofTheServer_hasANameAndAMessage() throws IOException {
        assertError(raw("PUT /xrpc/com.atproto.identity.resolveHandle HTTP/1.1"), 405, "InvalidRequest");
        assertError(raw("GET /xrpc HTTP/1.1"), 400, "InvalidRequest");
        assertError(raw("GET /xrpc/ HTTP/1.1"), 400, "InvalidRequest");
        assertError(raw("GET /xrpc/a/b HTTP/1.1"), 400, "InvalidRequest");
        assertError(raw("GET /xrpc//a HTTP/1.1"), 400, "InvalidRequest");
        assertError(raw("GET /xrpc/%zz HTTP/1.1"), 400, "InvalidRequest");
        assertError(raw("GET /xrpc/% HTTP/1.1"), 400, "InvalidRequest");
        assertError(untilClosingBrace("POST /xrpc/a.b.c HTTP/1.1\r\nContent-Length: 9999999"), 413, "PayloadTooLarge");
        assertError(untilClosingBrace("POST /xrpc/a.b.c HTTP/1.1\r\nContent-Length: 1\r\nExpect: a miracle"), 417, "InvalidRequest");
        assertError(raw("GET /xrpc/a.b.c?" + "a".repeat(50_000) + " HTTP/1.1"), 414, "InvalidRequest");
        assertError(raw("GET /xrpc/a.b.c HTTP/1.1\r\nX: " + "a".repeat(20_000)), 431, "InvalidRequest");
    }

    private static void assertError(String answer, int status, String name) {
        assertThat(answer).matches("(?s)HTTP/1\\.[01] " + status + " .*").matches("(?s).*\\{\"message\":\"[^\"]+\",\"error\":\"" + name + "\"}");
    }

    @Test
    void failure_ofAHandler_isA500WithANameAndIsLogged() throws IOException {
        server.router().get("/xrpc/:method/fails").handler(context -> {
            throw new IllegalStateException("as the test wants it");
        });
        try (LoggedLines log = new LoggedLines(ServerErrors.class.getName())) {
            assertError(raw("GET /xrpc/a/fails HTTP/1.1"), 500, "InternalServerError");
            assertThat(log.messages()).singleElement().asString().contains("GET /xrpc/a/fails", "as the test wants it");
        }
    }

    @Test
    void vary_ofEveryAnswer_namesTheEncoding() throws IOException {
        for (String request : new String[] {"GET /did:plc:x", "HEAD /did:plc:x", "GET /no/such/path", "PUT /x", "GET /xrpc/"}) {
            assertThat(raw(request + " HTTP/1.1")).as(request).contains("\r\nVary: Accept-Encoding\r\n");
            assertThat(raw(request + " HTTP/1.1\r\nAccept-Encoding: gzip")).as(request).contains("\r\nVary: Accept-Encoding\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 100\r\n\r\n{", "Content-Length: 100\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n5\r\nab"})
    void body_thatNeverComes_isNoFailureOfOurs(String rest) throws IOException {
        try (LoggedLines vertxSays = new LoggedLines("io.vertx.ext.web.RoutingContext")) {
            try (Socket socket = new Socket("127.0.0.1", port)) {
                socket.setSoTimeout(TIMEOUT_MILLIS);
                String head = "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + rest;
                socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                socket.shutdownOutput();
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)).isEmpty();
            }
            assertThat(raw("GET /did:plc:x HTTP/1.1")).endsWith("document");
            assertThat(vertxSays.lines()).isEmpty();
        }
    }
}
