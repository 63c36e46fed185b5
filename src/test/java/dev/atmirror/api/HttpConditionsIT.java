package dev.atmirror.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.atmirror.app.Reply;
import dev.atmirror.app.RunningMirror;
import dev.atmirror.plc.RecordedLog;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Conditional requests, caches between, and HTTP/2 (issue 12, A9 and E32). */
class HttpConditionsIT {
    private static final String UNKNOWN = "/did:plc:aaaaaaaaaaaaaaaaaaaaaaaa";
    private static final int SECONDS = 10;

    private static RecordedUpstream upstream;
    private static RunningMirror mirror;
    private static String document;

    @BeforeAll
    static void start() {
        upstream = new RecordedUpstream();
        mirror = RunningMirror.of(upstream.address(), Path.of("target", "it", "http-conditions"));
        mirror.start();
        upstream.open();
        mirror.awaitReady();
        document = "/" + RecordedLog.all().get(0).did();
    }

    @AfterAll
    static void stop() {
        mirror.close();
        upstream.close();
    }

    private static Reply get(String path, String... headers) {
        return Reply.get(URI.create(mirror.address() + path), headers);
    }

    private static String path(String suffix) {
        return document + suffix;
    }

    /** The first is answered by the short path, the second by its route. */
    @ParameterizedTest
    @ValueSource(strings = {"", "/data"})
    void ifNoneMatch_onSeveralLines_isOneList(String suffix) {
        String tag = get(path(suffix)).header("ETag").orElseThrow();
        assertThat(get(path(suffix), "If-None-Match", "\"a\"", "If-None-Match", tag).status()).isEqualTo(304);
        assertThat(get(path(suffix), "If-None-Match", tag, "If-None-Match", "\"a\"").status()).isEqualTo(304);
        assertThat(get(path(suffix), "If-None-Match", "\"a\"", "If-None-Match", "\"b\"").status()).isEqualTo(200);
    }

    /** As {@code fresh} of Express does, which answers for the reference directory. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "no-cache | 200", "max-age=0, no-cache | 200", "No-Cache | 200", "no-cache , max-age=0 | 200",
        "max-age=0 | 304", "no-cached | 304", "no-store | 304", "x-no-cache | 304"
    })
    void cacheControl_thatWantsNoCachedAnswer_getsTheBody(String control, int status) {
        for (String suffix : List.of("", "/data")) {
            Reply first = get(path(suffix));
            String tag = first.header("ETag").orElseThrow();
            String date = first.header("Last-Modified").orElseThrow();
            assertThat(get(path(suffix), "If-None-Match", tag, "Cache-Control", control).status()).isEqualTo(status);
            assertThat(get(path(suffix), "If-Modified-Since", date, "Cache-Control", control).status()).isEqualTo(status);
        }
        String tag = get(document).header("ETag").orElseThrow();
        assertThat(get(document, "If-None-Match", tag, "Cache-Control", "max-age=0", "Cache-Control", control).status())
                .isEqualTo(status);
    }

    @Test
    void condition_inTheQuery_isNone() {
        assertThat(get(path("/data?If-None-Match=*")).status()).isEqualTo(200);
        assertThat(get(path("/data?If-Modified-Since=Fri,%2031%20Dec%209999%2023:59:59%20GMT")).status()).isEqualTo(200);
        assertThat(get(path("/data?If-None-Match=x"), "If-None-Match", "*").status()).isEqualTo(304);
        assertThat(get("/snapshots/?Accept=text/html").type()).startsWith("application/json");
    }

    @Test
    void vary_ofWhatIsCompressed_namesTheEncoding() {
        String tag = get(document).header("ETag").orElseThrow();
        for (String path : List.of(document, path("/log"), UNKNOWN, "/ready", "/", "/metrics", "/xrpc/a.b.c")) {
            assertThat(get(path).header("Vary")).as(path).contains("Accept-Encoding");
            assertThat(get(path, "Accept-Encoding", "gzip").header("Vary")).as(path).contains("Accept-Encoding");
        }
        assertThat(get(document, "If-None-Match", tag).header("Vary")).contains("Accept-Encoding");
    }

    @Test
    void head_forWhoTakesGzip_saysNoLength() {
        for (String path : List.of(document, path("/log"))) {
            assertThat(Reply.to("HEAD", URI.create(mirror.address() + path)).header("Content-Length")).as(path).isPresent();
            assertThat(Reply.to("HEAD", URI.create(mirror.address() + path), "Accept-Encoding", "gzip").header("Content-Length"))
                    .as(path)
                    .isEmpty();
        }
    }

    @Test
    void post_ofJsonSentAsAForm_isRead() {
        URI info = URI.create(mirror.address() + "/info");
        byte[] body = ("{\"accounts\":[\"" + document.substring(1) + "\"]}").getBytes(StandardCharsets.UTF_8);
        Reply reply = Reply.post(info, "application/x-www-form-urlencoded", body);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().at("/accounts/0/did").textValue()).isEqualTo(document.substring(1));
    }

    @Test
    void head_overHttp2_hasTheHeadersOfGetAndNoBody() throws Exception {
        Vertx vertx = Vertx.vertx();
        HttpClientOptions priorKnowledge =
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false);
        HttpClient client = vertx.createHttpClient(priorKnowledge);
        try {
            for (String path : List.of(document, path("/log/audit"), UNKNOWN, "/ready", "/no/such/path", "/xrpc/x", "//")) {
                Http2Reply get = ask(client, HttpMethod.GET, path);
                Http2Reply head = ask(client, HttpMethod.HEAD, path);
                assertThat(head.status).as(path).isEqualTo(get.status);
                assertThat(head.body).as(path).isEmpty();
                assertThat(get.body).as(path).isNotEmpty();
                assertThat(head.headers).as(path).containsExactlyInAnyOrderElementsOf(get.headers);
            }
        } finally {
            client.close();
            vertx.close();
        }
    }

    private record Http2Reply(int status, String body, List<String> headers) {}

    private static Http2Reply ask(HttpClient client, HttpMethod method, String path) throws Exception {
        HttpClientResponse response = client.request(method, mirror.address().getPort(), "127.0.0.1", path)
                .compose(request -> request.send())
                .compose(answer -> answer.body().map((Buffer body) -> answer))
                .toCompletionStage()
                .toCompletableFuture()
                .get(SECONDS, TimeUnit.SECONDS);
        List<String> headers = new ArrayList<>();
        response.headers().forEach(header -> {
            if (!header.getKey().equals("date")) {
                headers.add(header.getKey() + ": " + header.getValue());
            }
        });
        return new Http2Reply(response.statusCode(), response.body().result().toString(), headers);
    }

    /** With a client that takes a body in answer to HEAD for what it is: exit code 92 where there is one. */
    @ParameterizedTest
    @ValueSource(strings = {"", "/log/audit", "/no/such/path"})
    void head_ofCurlOverHttp2_ends(String suffix) throws Exception {
        assumeTrue(curl("--version").contains("HTTP2"), "curl with HTTP/2");
        String url = mirror.address() + path(suffix);
        String answer = curl("--silent", "--show-error", "--http2-prior-knowledge", "--head", "--write-out", "%{exitcode}", url);
        assertThat(answer).startsWith("HTTP/2 ").endsWith("\r\n\r\n0");
        assertThat(curl("--silent", "--show-error", "--http2-prior-knowledge", "--head", "--compressed", url)).startsWith("HTTP/2 ");
        assertThat(curl("--silent", "--show-error", "--http2", "--head", url)).contains("HTTP/2 ");
    }

    private static String curl(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("curl", "--max-time", String.valueOf(SECONDS)));
        command.addAll(List.of(arguments));
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            return "none"; // where there is no curl
        }
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(out).isZero();
        return out;
    }
}
