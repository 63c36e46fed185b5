package dev.atmirror.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.luben.zstd.Zstd;
import dev.atmirror.app.Reply;
import dev.atmirror.snapshot.Manifest;
import dev.atmirror.snapshot.ManifestJson;
import dev.atmirror.snapshot.SnapshotFolder;
import dev.atmirror.snapshot.SnapshotInput;
import dev.atmirror.snapshot.SnapshotInputs;
import dev.atmirror.store.SnapshotView;
import dev.atmirror.testkit.FakeUpstream;
import dev.atmirror.testkit.MirrorRun;
import dev.atmirror.testkit.SignedLog;
import dev.atmirror.testkit.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Dumps handed out by a mirror, as clients and another mirror fetch them. */
@Timeout(60)
class ServedSnapshotsIT {
    private static final Instant T0 = Instant.parse("2026-03-04T05:06:07Z");
    private static final String DATE = "Wed, 04 Mar 2026 05:06:07 GMT";
    private static final String RAW = "plc_log_entries-raw-20260304.sql.zst";
    private static final byte[] PLAIN = plain();
    private static final byte[] FILE = Zstd.compress(PLAIN);
    private static final String TAG = '"' + sha256(FILE) + '"';

    @TempDir
    private static Path dumps;

    private static FakeUpstream upstream;
    private static MirrorRun mirror;

    @BeforeAll
    static void start() {
        upstream = new FakeUpstream(SignedLog.of(83, 5).lines());
        mirror = MirrorRun.start(
                TestDatabase.create(), upstream, "atmirror.snapshot.serve", "true", "atmirror.dumps.dir", dumps.toString());
        mirror.awaitCaughtUp(); // until then a path that is none of these would be answered as a lookup, by 503
    }

    @AfterAll
    static void stop() {
        mirror.close();
        upstream.close();
    }

    @AfterEach
    void empty() throws IOException {
        try (Stream<Path> all = Files.list(dumps)) {
            for (Path file : all.toList()) {
                Files.delete(file);
            }
        }
    }

    private static byte[] plain() {
        // Text, as a dump is: what other systems make of line ends would be put right.
        byte[] plain = new byte[525_000];
        new Random(5).nextBytes(plain);
        return Base64.getEncoder().encode(plain);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Manifest manifest(String file, String sha256, long bytes) {
        return new Manifest(
                new Manifest.Content("plc_log_entries-raw", file, sha256, bytes, PLAIN.length, Map.of("plc_operation", 1234L)),
                new Manifest.Origin(T0, "at-mirror 0", "002", "16.1", "15.19"),
                Optional.of(new SnapshotView.LogEnds(1, T0, 5678, T0)),
                List.of(),
                Optional.empty(),
                true);
    }

    private static void publish(String name) throws IOException {
        Files.write(dumps.resolve(name), FILE);
        write(name, manifest(name, sha256(FILE), FILE.length));
    }

    private static void write(String name, Manifest manifest) throws IOException {
        Files.writeString(dumps.resolve(name + ".json"), ManifestJson.write(manifest).toPrettyString());
    }

    private static URI at(String path) {
        return mirror.address().resolve(path);
    }

    private static Reply get(String path, String... headers) {
        return Reply.get(at(path), headers);
    }

    private static byte[] part(int from, int to) {
        return Arrays.copyOfRange(FILE, from, to);
    }

    @Test
    void file_asked_comesWholeWithItsDigestAsTag() throws IOException {
        publish(RAW);
        Reply reply = get("/snapshots/" + RAW, "Accept-Encoding", "gzip, deflate");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo(FILE);
        assertThat(reply.type()).isEqualTo("application/zstd");
        assertThat(reply.header("ETag")).contains(TAG);
        assertThat(reply.header("Last-Modified")).contains(DATE);
        assertThat(reply.header("Accept-Ranges")).contains("bytes");
        assertThat(reply.header("Content-Length")).contains(String.valueOf(FILE.length));
        assertThat(reply.header("Content-Encoding")).isEmpty();
        assertThat(get("/snapshots/" + RAW).header("Content-Encoding")).isEmpty();
        assertThat(reply.header("Access-Control-Allow-Origin")).contains("*");
    }

    @Test
    void head_ofAFile_hasTheHeadersAndNoBody() throws IOException {
        publish(RAW);
        String answer = RawRequest.send(mirror.address(), "HEAD /snapshots/" + RAW + " HTTP/1.1\r\nRange: bytes=5-9");
        assertThat(answer.toLowerCase()).startsWith("http/1.1 200").contains("content-length: " + FILE.length, "etag: " + TAG).endsWith("\r\n\r\n");
    }

    @Test
    void manifest_asked_comesAsItStands() throws IOException {
        publish(RAW);
        Reply reply = get("/snapshots/" + RAW + ".json");
        assertThat(reply.type()).isEqualTo("application/json");
        assertThat(ManifestJson.read(new String(reply.body(), StandardCharsets.UTF_8))).isEqualTo(manifest(RAW, sha256(FILE), FILE.length));
        assertThat(reply.header("ETag")).isPresent().isNotEqualTo(Optional.of(TAG));
    }

    @ParameterizedTest
    @CsvSource({"bytes=0-9, 0, 10", "bytes=100-, 100, -1", "bytes=-7, -7, -1"})
    void file_byPart_isThatPart(String range, int from, int to) throws IOException {
        publish(RAW);
        Reply reply = get("/snapshots/" + RAW, "Range", range);
        byte[] expected = part(from < 0 ? FILE.length + from : from, to < 0 ? FILE.length : to);
        assertThat(reply.status()).isEqualTo(206);
        assertThat(reply.body()).isEqualTo(expected);
        assertThat(reply.header("Content-Length")).contains(String.valueOf(expected.length));
        assertThat(reply.header("Content-Range")).get().asString().startsWith("bytes ").endsWith("/" + FILE.length);
    }

    @Test
    void file_byAPartBehindItsEnd_is416() throws IOException {
        publish(RAW);
        Reply reply = get("/snapshots/" + RAW, "Range", "bytes=" + FILE.length + "-");
        assertThat(reply.status()).isEqualTo(416);
        assertThat(reply.header("Content-Range")).contains("bytes */" + FILE.length);
    }

    @Test
    void file_byPartUnderACondition_isThePartOfThatVersionOnly() throws IOException {
        publish(RAW);
        for (String same : List.of(TAG, DATE)) {
            assertThat(get("/snapshots/" + RAW, "Range", "bytes=5-6", "If-Range", same).body()).isEqualTo(part(5, 7));
        }
        for (String other : List.of("\"other\"", "W/" + TAG, "Wed, 04 Mar 2026 05:06:08 GMT")) {
            Reply reply = get("/snapshots/" + RAW, "Range", "bytes=5-6", "If-Range", other);
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.body()).hasSize(FILE.length);
        }
    }

    @Test
    void file_thatTheClientHas_is304() throws IOException {
        publish(RAW);
        for (String tags : List.of(TAG, "W/" + TAG, "\"a\", " + TAG, "*")) {
            assertThat(get("/snapshots/" + RAW, "If-None-Match", tags).status()).isEqualTo(304);
        }
        assertThat(get("/snapshots/" + RAW, "If-Modified-Since", DATE).status()).isEqualTo(304);
        assertThat(get("/snapshots/" + RAW, "If-None-Match", "\"a\"", "If-Modified-Since", DATE).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/snapshots/.all-20260304.sql.zst.unfinished",
        "/snapshots/.lock",
        "/snapshots/notes.txt",
        "/snapshots/all-20260101.sql.zst", // without a manifest
        "/snapshots/all-20260102.sql.zst", // shorter than its manifest says
        "/snapshots/all-20260102.sql.zst.json",
        "/snapshots/all-20260103.sql.zst.json", // a manifest alone
        "/snapshots/all-20260104.sql.zst", // a folder
        "/snapshots/all-20260105.sql.zst", // a manifest without a digest
        "/snapshots/../" + RAW,
        "/snapshots/..%2f" + RAW,
        "/snapshots/%2e%2e/" + RAW,
        "/snapshots/%2Fetc%2Fpasswd",
        "/snapshots/sub/" + RAW,
        "/snapshots/" + RAW + "%00",
        "/snapshots/" + RAW + ".json.json"
    })
    void path_ofWhatIsNoDump_is404(String path) throws IOException {
        publish(RAW);
        for (String name : List.of(".all-20260304.sql.zst.unfinished", ".lock", "notes.txt", "all-20260101.sql.zst", "all-20260102.sql.zst")) {
            Files.write(dumps.resolve(name), part(0, 100));
        }
        write("all-20260102.sql.zst", manifest("all-20260102.sql.zst", sha256(FILE), FILE.length));
        write("all-20260103.sql.zst", manifest("all-20260103.sql.zst", sha256(FILE), FILE.length));
        Files.createDirectory(dumps.resolve("all-20260104.sql.zst"));
        Files.write(dumps.resolve("all-20260105.sql.zst"), FILE);
        write("all-20260105.sql.zst", manifest("all-20260105.sql.zst", "<script>", FILE.length));
        String answer = RawRequest.send(mirror.address(), "GET " + path + " HTTP/1.1");
        assertThat(answer).startsWith("HTTP/1.1 404 ").contains("\"message\"");
        assertThat(get("/snapshots/index.json").json().path("snapshots")).hasSize(1);
    }

    @Test
    void index_forBrowsersAndPrograms_showsWhatThereIs() throws IOException {
        assertThat(get("/snapshots/").json().path("snapshots")).isEmpty();
        publish(RAW);
        publish("all-20260304.sql.zst");
        for (String path : List.of("/snapshots", "/snapshots/")) {
            Reply page = get(path, "Accept", "text/html,application/xhtml+xml");
            assertThat(page.type()).isEqualTo("text/html; charset=utf-8");
            assertThat(page.header("Vary")).get().asString().contains("Accept");
            String html = new String(page.body(), StandardCharsets.UTF_8);
            String prefix = path.endsWith("/") ? "" : "snapshots/";
            assertThat(html).contains("href=\"" + prefix + RAW + "\"", "href=\"" + prefix + "index.json\"");
            assertThat(html).contains("2026-03-04T05:06:07", "1,234", "5678", "yes", sha256(FILE), String.format(Locale.ROOT, "%.1f kB", FILE.length / 1000.0));
        }
        for (Reply json : List.of(get("/snapshots/"), get("/snapshots/index.json", "Accept", "text/html"))) {
            assertThat(json.json().path("snapshots")).hasSize(2);
            assertThat(json.json().path("snapshots").get(1).path("file").asText()).isEqualTo(RAW);
            assertThat(json.json().path("snapshots").get(1).path("manifest").path("sha256").asText()).isEqualTo(sha256(FILE));
        }
    }

    @Test
    void latest_asked_leadsToTheNewestOfTheBest() throws IOException {
        assertThat(get("/snapshots/latest").status()).isEqualTo(404);
        publish("plc_log_entries-raw-20260303.sql.zst");
        publish(RAW);
        publish("pds_repos-20270101.sql.zst");
        assertThat(leadsTo("/snapshots/latest")).isEqualTo(RAW);
        publish("all-20250101.sql.zst");
        publish("all-20250101-2.sql.zst");
        assertThat(leadsTo("/snapshots/latest")).isEqualTo("all-20250101-2.sql.zst");
        assertThat(leadsTo("/snapshots/latest/all")).isEqualTo("all-20250101-2.sql.zst");
        assertThat(leadsTo("/snapshots/latest/plc_log_entries")).isEqualTo(RAW);
        assertThat(leadsTo("/snapshots/latest/plc_log_entries-raw")).isEqualTo(RAW);
        assertThat(leadsTo("/snapshots/latest/pds_repos")).isEqualTo("pds_repos-20270101.sql.zst");
        assertThat(get("/snapshots/latest/recent_records").status()).isEqualTo(404);
        assertThat(get("/snapshots/latest/x%0d%0aSet-Cookie:a").status()).isEqualTo(404);
    }

    private static String leadsTo(String path) {
        Reply reply = get(path);
        assertThat(reply.status()).isEqualTo(302);
        URI target = at(path).resolve(reply.header("Location").orElseThrow());
        assertThat(target.getPath()).startsWith("/snapshots/");
        return target.getPath().substring("/snapshots/".length());
    }

    private SnapshotInputs inputs() {
        return new SnapshotInputs("test", dumps, new SnapshotFolder(dumps), Duration.ofSeconds(10));
    }

    @Test
    void latest_openedByAnotherMirror_givesTheSameBytesAndManifest() throws IOException {
        publish(RAW);
        try (SnapshotInput input = inputs().open(at("/snapshots/latest").toString())) {
            assertRestores(input);
        }
    }

    @Test
    void latest_overALineThatBreaks_givesTheSame() throws IOException {
        publish(RAW);
        try (BreakingLine line = new BreakingLine(mirror.address(), 150_000, 200_000, 1_000, 120_000);
                SnapshotInput input = inputs().open(line.url() + "/snapshots/latest")) {
            assertRestores(input);
            assertThat(line.broken()).isEqualTo(4);
        }
    }

    private static void assertRestores(SnapshotInput input) throws IOException {
        assertThat(input.name()).isEqualTo(RAW);
        assertThat(input.manifest()).contains(manifest(RAW, sha256(FILE), FILE.length));
        assertThat(input.plain().readAllBytes()).isEqualTo(PLAIN);
        input.checkWhole();
        assertThat(input.bytesRead()).isEqualTo(FILE.length);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void file_prunedWhileItIsSent_isSentToItsEnd() throws Exception {
        long length = 64L << 20; // more than the buffers of both sides take
        try (RandomAccessFile file = new RandomAccessFile(dumps.resolve(RAW).toFile(), "rw")) {
            file.setLength(length);
        }
        write(RAW, manifest(RAW, sha256(FILE), length));
        try (Socket socket = new Socket("127.0.0.1", mirror.address().getPort())) {
            socket.getOutputStream().write(("GET /snapshots/" + RAW + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").getBytes());
            InputStream in = socket.getInputStream();
            long read = in.readNBytes(100_000).length;
            Files.delete(dumps.resolve(RAW));
            Files.delete(dumps.resolve(RAW + ".json"));
            assertThat(get("/snapshots/" + RAW).status()).isEqualTo(404);
            byte[] buffer = new byte[1 << 20];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                read += count;
            }
            assertThat(read).isGreaterThan(length);
        }
        await().untilAsserted(() -> assertThat(get("/_health").status()).isEqualTo(200));
    }

    @Test
    void paths_whileServingIsOff_are404() throws IOException {
        publish(RAW);
        try (MirrorRun off = MirrorRun.start(TestDatabase.create(), upstream, "atmirror.dumps.dir", dumps.toString())) {
            for (String path : List.of("", "/", "/index.json", "/latest", "/latest/all", "/" + RAW, "/" + RAW + ".json")) {
                Reply reply = Reply.get(off.address().resolve("/snapshots" + path));
                assertThat(reply.status()).as(path).isEqualTo(404);
                assertThat(reply.json().path("message").asText()).contains("hands out no snapshots");
            }
        }
    }
}
