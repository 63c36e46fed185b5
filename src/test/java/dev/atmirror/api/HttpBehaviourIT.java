package dev.atmirror.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.app.Reply;
import dev.atmirror.app.RunningMirror;
import dev.atmirror.identity.Json;
import dev.atmirror.plc.RecordedLog;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The API as clients, browsers and caches meet it, on a whole mirror that has read the recorded logs. */
class HttpBehaviourIT {
    private static final String UNKNOWN = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa";
    private static final String JSON = "application/json; charset=utf-8";
    private static final String METHODS = "GET, HEAD, POST, OPTIONS";
    private static final int MORE_THAN_A_BODY_MAY_BE = 600 * 1024;

    private static RecordedUpstream upstream;
    private static RunningMirror mirror;
    private static String did;
    private static Reply lookupWhileBehind;
    private static Reply healthWhileBehind;
    private static Reply readyWhileBehind;
    private static String metricsWhileBehind;

    @BeforeAll
    static void startAndCatchUp() {
        upstream = new RecordedUpstream();
        mirror = RunningMirror.of(upstream.address(), Path.of("target", "it", "http-behaviour"));
        mirror.start();
        did = recorded("handle_changed_twice").did();
        lookupWhileBehind = get("/" + did);
        healthWhileBehind = get("/_health");
        readyWhileBehind = get("/ready");
        metricsWhileBehind = metrics();
        upstream.open();
        mirror.awaitReady();
    }

    @AfterAll
    static void stop() {
        mirror.close();
        upstream.close();
    }

    static List<RecordedLog> recordedLogs() {
        return RecordedLog.all();
    }

    @ParameterizedTest
    @MethodSource("recordedLogs")
    void answers_toEveryPathOfARecordedDid_areTheDirectorys(RecordedLog log) {
        for (Map.Entry<String, JsonNode> path : log.answers().properties()) {
            Reply reply = get("/" + log.did() + path.getKey());
            assertThat(reply.status()).describedAs(path.getKey()).isEqualTo(path.getValue().get("status").intValue());
            assertThat(reply.type()).describedAs(path.getKey()).isEqualTo(path.getValue().get("type").textValue());
            assertThat(reply.json()).describedAs(path.getKey()).isEqualTo(path.getValue().get("body"));
        }
    }

    @Test
    void lookup_beforeTheFirstCatchUp_is503WithRetryAfter() {
        assertThat(lookupWhileBehind.status()).isEqualTo(503);
        assertThat(lookupWhileBehind.header("Retry-After")).isPresent();
        assertThat(lookupWhileBehind.json().get("message").textValue()).contains("behind");
        assertThat(readyWhileBehind.status()).isEqualTo(503);
        assertThat(healthWhileBehind.status()).isEqualTo(200);
    }

    private static String metrics() {
        return new String(get("/metrics").body(), StandardCharsets.UTF_8);
    }

    /** Issue 12, C19: a log of which nothing was read was at number 0, of 1970. */
    @Test
    void metric_ofWhatIsNotKnown_isAbsent() {
        assertThat(metricsWhileBehind.lines())
                .noneMatch(line -> line.startsWith("atmirror_plc_seq ") || line.startsWith("atmirror_plc_time_seconds "))
                .noneMatch(line -> line.endsWith(" NaN"))
                .anyMatch(line -> line.startsWith("atmirror_ready 0"));
        assertThat(metrics().lines())
                .anyMatch(line -> line.startsWith("atmirror_plc_time_seconds 1."))
                .noneMatch(line -> line.endsWith(" NaN"));
    }

    @Test
    void head_ofADocument_hasTheHeadersOfGetAndNoBody() {
        String get = withoutDate(RawRequest.send(mirror.address(), "GET /" + did + " HTTP/1.1"));
        String head = withoutDate(RawRequest.send(mirror.address(), "HEAD /" + did + " HTTP/1.1"));
        assertThat(head).endsWith("\r\n\r\n");
        assertThat(head).isEqualTo(get.substring(0, get.indexOf("\r\n\r\n") + 4)).contains("Content-Length: ");
    }

    private static String withoutDate(String answer) {
        return answer.replaceFirst("\r\nDate: [^\r]*", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/" + UNKNOWN, "/no/such/path"})
    void head_ofAMiss_isA404WithoutBody(String path) {
        String head = RawRequest.send(mirror.address(), "HEAD " + path + " HTTP/1.1");
        assertThat(head).startsWith("HTTP/1.1 404 ").endsWith("\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/*", "application/json", "text/html", "application/did+ld+json", "image/png"})
    void document_whateverAcceptSays_isTheDocument(String accept) {
        Reply reply = get("/" + did, "Accept", accept);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.type()).isEqualTo("application/did+ld+json; charset=utf-8");
        assertThat(get("/ready", "Accept", accept).json().has("stages")).isTrue();
    }

    @Test
    void cors_withoutAnOrigin_allowsAllTheSame() {
        for (String path : List.of("/" + did, "/" + UNKNOWN, "/no/such/path", "/_health")) {
            assertThat(get(path).header("Access-Control-Allow-Origin")).describedAs(path).contains("*");
        }
    }

    @Test
    void preflight_forAnyHeader_allowsIt() {
        Reply reply = Reply.to(
                "OPTIONS",
                address("/" + did),
                "Access-Control-Request-Method", "GET",
                "Access-Control-Request-Headers", "atproto-accept-labelers, x-client");
        assertThat(reply.status()).isEqualTo(204);
        assertThat(reply.header("Access-Control-Allow-Origin")).contains("*");
        assertThat(reply.header("Access-Control-Allow-Methods")).contains(METHODS);
        assertThat(reply.header("Access-Control-Allow-Headers")).contains("atproto-accept-labelers, x-client");
        assertThat(reply.header("Vary")).contains("Access-Control-Request-Headers");
        assertThat(Reply.to("OPTIONS", address("/" + did)).header("Allow")).contains(METHODS);
    }

    @Test
    void etag_sentBack_saves304() {
        String tag = get("/" + did).header("ETag").orElseThrow();
        for (String known : List.of(tag, "\"other\", " + tag, tag.replace("W/", ""), "*")) {
            Reply reply = get("/" + did, "If-None-Match", known);
            assertThat(reply.status()).describedAs(known).isEqualTo(304);
            assertThat(reply.body()).isEmpty();
            assertThat(reply.header("ETag")).contains(tag);
            assertThat(reply.header("Content-Length")).isEmpty();
        }
    }

    @Test
    void etag_ofAnotherAnswer_getsTheBody() {
        String tag = get("/" + did + "/log").header("ETag").orElseThrow();
        assertThat(get("/" + did, "If-None-Match", tag).status()).isEqualTo(200);
        // RFC 9110, section 13.1.3: with a tag the date does not count.
        String late = "Fri, 31 Dec 9999 23:59:59 GMT";
        assertThat(get("/" + did, "If-None-Match", tag, "If-Modified-Since", late).status()).isEqualTo(200);
    }

    @Test
    void lastModified_sentBack_saves304() {
        String date = get("/" + did).header("Last-Modified").orElseThrow();
        assertThat(get("/" + did, "If-Modified-Since", date).status()).isEqualTo(304);
        assertThat(get("/" + did, "If-Modified-Since", "Mon, 01 Jan 2001 00:00:00 GMT").status()).isEqualTo(200);
        assertThat(get("/" + did, "If-Modified-Since", "yesterday").status()).isEqualTo(200);
    }

    @Test
    void miss_withACondition_staysAMiss() {
        assertThat(get("/" + UNKNOWN, "If-None-Match", "*").status()).isEqualTo(404);
        assertThat(get("/" + UNKNOWN).header("ETag")).isEmpty();
    }

    @Test
    void body_forWhoTakesGzip_isCompressed() throws IOException {
        Reply reply = get("/" + did + "/log/audit", "Accept-Encoding", "gzip");
        assertThat(reply.header("Content-Encoding")).contains("gzip");
        byte[] plain = new GZIPInputStream(new ByteArrayInputStream(reply.body())).readAllBytes();
        assertThat(Json.MAPPER.readTree(plain)).isEqualTo(recorded("handle_changed_twice").audit());
        assertThat(reply.body().length).isLessThan(plain.length);
    }

    /** Issue 12, C14: it named paths that did not exist. */
    @Test
    void home_listsThePathsOfTheDescription() {
        List<String> described = new ArrayList<>();
        get("/openapi.json").json().get("paths").properties().forEach(path -> path.getValue()
                .fieldNames()
                .forEachRemaining(verb -> described.add(verb.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        String home = new String(get("/").body(), StandardCharsets.UTF_8);
        List<String> listed = home.lines()
                .filter(line -> line.matches("[A-Z]* *(/\\S+|/)( .*)?"))
                .map(line -> line.split(" +")[0] + " " + line.split(" +")[1])
                .toList();
        assertThat(listed).isNotEmpty().containsExactlyInAnyOrderElementsOf(described);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/no/such/path", "/did:plc:x/log/audit/more", "/did:plc:x/nothing"})
    void path_unknown_isA404InJson(String path) {
        Reply reply = get(path);
        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.type()).isEqualTo(JSON);
        assertThat(reply.json().get("message").textValue()).contains(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE", "PATCH"})
    void method_unknown_isA405ThatNamesTheOthers(String method) {
        Reply reply = Reply.to(method, address("/" + did));
        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.header("Allow")).contains(METHODS);
        assertThat(reply.json().get("message").textValue()).contains(method);
    }

    @Test
    void query_ofAnyName_comesBackAsNoHeader() {
        Map<String, List<String>> plain = headersButTheDate(get("/" + did));
        String query = "?x=1&ETag=evil&Set-Cookie=a%3Db&Content-Type=text%2Fhtml&CamelHttpResponseCode=500";
        Reply reply = get("/" + did + query);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(headersButTheDate(reply)).isEqualTo(plain);
    }

    @Test
    void header_ofAnyName_comesBackAsNoHeader() {
        Map<String, List<String>> plain = headersButTheDate(get("/" + did));
        Reply reply = get("/" + did, "X-Evil", "1", "CamelHttpResponseCode", "500", "Location", "http://evil.example");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(headersButTheDate(reply)).isEqualTo(plain);
    }

    private static Map<String, List<String>> headersButTheDate(Reply reply) {
        Map<String, List<String>> headers = new TreeMap<>(reply.response().headers().map());
        headers.keySet().removeIf("date"::equalsIgnoreCase);
        return headers;
    }

    @Test
    void answer_ofAnyKind_carriesTheDate() {
        for (String request : List.of("GET /" + did, "HEAD /" + did, "GET /" + UNKNOWN, "GET /no/such", "PUT /x", "OPTIONS /", "GET /%zz", "GET /ready")) {
            String answer = RawRequest.send(mirror.address(), request + " HTTP/1.1");
            assertThat(answer).as(request).containsOnlyOnce("\r\nDate: ");
            String date = answer.replaceFirst("(?s).*\r\nDate: ([^\r]*).*", "$1");
            Instant said = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date));
            assertThat(said).isCloseTo(Instant.now(), within(5, ChronoUnit.SECONDS));
        }
    }

    @Test
    void did_inQueryOrHeader_doesNotReplaceThePaths() {
        assertThat(get("/" + did + "?did=" + UNKNOWN + "&did=" + UNKNOWN).json().get("id").textValue()).isEqualTo(did);
        assertThat(get("/" + did, "did", UNKNOWN).json().get("id").textValue()).isEqualTo(did);
        assertThat(get("/" + UNKNOWN + "?did=" + did, "DID", did).json().get("message").textValue())
                .isEqualTo("DID not registered: " + UNKNOWN);
        assertThat(get("/info/" + did + "?account=x.example").json().get("did").textValue()).isEqualTo(did);
    }

    @Test
    void post_toAMirrorThatForwardsNothing_isA405ThatNamesTheUpstream() {
        Reply reply = Reply.post(address("/" + did), "application/json", "{\"type\":\"plc_operation\"}".getBytes());
        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.header("Allow")).contains("GET, HEAD, OPTIONS");
        assertThat(reply.json().get("message").textValue()).contains(upstream.address().toString());
    }

    @Test
    void post_ofAFile_leavesNothingOnTheDisk() {
        String form = "--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\nkept?\r\n--x--\r\n";
        Reply reply = Reply.post(address("/" + did), "multipart/form-data; boundary=x", form.getBytes());
        assertThat(reply.status()).isEqualTo(405);
        assertThat(Files.exists(Path.of("file-uploads"))).isFalse();
    }

    @Test
    void post_ofTooMuch_isA413InJson() {
        Reply reply = Reply.post(address("/" + did), "application/json", new byte[MORE_THAN_A_BODY_MAY_BE]);
        assertThat(reply.status()).isEqualTo(413);
        assertThat(reply.json().has("message")).isTrue();
    }

    @Test
    void request_thatCannotBeRead_isRefusedInJson() {
        assertRefused("GET /%zz HTTP/1.1", 400);
        assertRefused("NONSENSE", 400);
        assertRefused("GET /" + "a".repeat(50_000) + " HTTP/1.1", 414);
        assertRefused("GET / HTTP/1.1\r\nX: " + "a".repeat(20_000), 431);
    }

    private static void assertRefused(String head, int status) {
        String answer = RawRequest.send(mirror.address(), head);
        assertThat(answer).matches("(?s)HTTP/1\\.[01] " + status + " .*\r\n\r\n\\{\"message\":\".+\"}");
    }

    private static RecordedLog recorded(String name) {
        return RecordedLog.all().stream()
                .filter(log -> log.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Reply get(String path, String... headers) {
        return Reply.get(address(path), headers);
    }

    private static URI address(String path) {
        return mirror.address().resolve(path);
    }
}
