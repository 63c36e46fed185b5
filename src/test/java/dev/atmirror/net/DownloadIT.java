package dev.atmirror.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.atmirror.testkit.LoggedLines;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers of files may do, over real sockets. */
@Timeout(30)
class DownloadIT {
    private static final Duration PATIENCE = Duration.ofSeconds(3); // pauses from 12 ms on, silences of 300 ms
    private static final byte[] FILE = random(300_000);
    private static final String GONE = "HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n";

    private final FileHost host = new FileHost().with("/file", FILE);

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    @AfterEach
    void close() throws IOException {
        host.close();
    }

    private Download open(String path) throws IOException {
        return Download.open(URI.create(host.url(path)), "at-mirror test", PATIENCE);
    }

    private byte[] fetch(String path) throws IOException {
        try (Download download = open(path)) {
            return download.readAllBytes();
        }
    }

    private void assertFails(String... message) {
        assertThatThrownBy(() -> fetch("/file")).isInstanceOf(DownloadFailure.class).hasMessageContainingAll(message).hasMessageNotContaining("\n");
    }

    @Test
    void read_aServerThatKeepsGoing_givesTheFileInOneRequest() throws IOException {
        try (Download download = open("/file")) {
            assertThat(download.length()).isEqualTo(FILE.length);
            assertThat(download.readAllBytes()).isEqualTo(FILE);
        }
        assertThat(host.ranges("/file")).containsExactly("");
        assertThat(host.requests().get(0).lines()).contains("User-Agent: at-mirror test", "Accept-Encoding: identity");
    }

    @Test
    void read_afterCuts_goesOnBehindTheLastByte() throws IOException {
        host.cutting(100_000, 0, 1);
        assertThat(fetch("/file")).isEqualTo(FILE);
        assertThat(host.ranges("/file")).containsExactly("", "bytes=100000-", "bytes=100000-", "bytes=100001-");
        assertThat(host.requests().get(1).lines()).contains("If-Range: \"one\"");
    }

    @Test
    void read_cutWithAWeakTag_asksByTheDate() throws IOException {
        host.headers("ETag: W/\"one\"\r\nLast-Modified: Wed, 04 Mar 2026 05:06:07 GMT\r\n").cutting(5);
        assertThat(fetch("/file")).isEqualTo(FILE);
        assertThat(host.requests().get(1).lines()).contains("If-Range: Wed, 04 Mar 2026 05:06:07 GMT");
    }

    @Test
    void read_cutWithoutAnyVersion_goesOnByLength() throws IOException {
        host.headers("").cutting(5);
        assertThat(fetch("/file")).isEqualTo(FILE);
        assertThat(host.requests().get(1).has("if-range")).isFalse();
    }

    @Test
    void read_aServerThatIgnoresRanges_passesOverWhatItHad() throws IOException {
        host.withoutRanges().cutting(100_000, 50_000);
        assertThat(fetch("/file")).isEqualTo(FILE);
        assertThat(host.ranges("/file")).containsExactly("", "bytes=100000-", "bytes=100000-");
    }

    @Test
    void read_cutAgainAndAgainWithProgress_neverGivesUp() throws IOException {
        host.cutting(20_000, 20_000, 20_000, 20_000, 20_000, 20_000, 20_000, 20_000, 20_000, 20_000, 20_000, 20_000);
        assertThat(fetch("/file")).isEqualTo(FILE);
    }

    @Test
    void read_cutAgainAndAgainWithoutProgress_givesUp() {
        host.cuttingForEver();
        assertFails("given up at byte 0, after 8 tries that brought nothing", "cut short");
    }

    @Test
    void read_warnings_sayWhatComesNext() throws IOException {
        try (LoggedLines log = new LoggedLines(Download.class.getName())) {
            host.cutting(100_000);
            fetch("/file");
            assertThat(log.lines()).singleElement().asString().startsWith("WARNING").contains("stopped at byte 100000", "it goes on from there in 0.01");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void read_aFileThatChangedBetweenCuts_isRefused(boolean sameLength) throws IOException {
        host.cutting(100_000);
        try (Download download = open("/file")) {
            byte[] first = download.readNBytes(100_000);
            assertThat(first).isEqualTo(Arrays.copyOf(FILE, 100_000));
            host.with("/file", random(sameLength ? FILE.length : FILE.length + 1)).headers("ETag: \"two\"\r\n");
            assertThatThrownBy(download::read).isInstanceOf(DownloadFailure.class).hasMessageContaining("has changed at the server");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {99_999, 100_000, 250_000, 300_001})
    void read_aFileOfAnotherLengthWithTheSameTag_isRefused(int length) throws IOException {
        host.cutting(100_000);
        try (Download download = open("/file")) {
            download.readNBytes(100_000);
            host.with("/file", random(length));
            assertThatThrownBy(download::read).isInstanceOf(DownloadFailure.class).hasMessageContaining("has changed at the server");
        }
    }

    @Test
    void read_anotherTagFromAServerThatHeedsNoCondition_isRefused() throws IOException {
        host.withoutConditions().cutting(100_000);
        try (Download download = open("/file")) {
            download.readNBytes(100_000);
            host.headers("ETag: \"two\"\r\n");
            assertThatThrownBy(download::read).isInstanceOf(DownloadFailure.class).hasMessageContaining("has changed at the server");
        }
    }

    /** Without a length, nothing but the bytes tells a part from the whole (issue 12, E28). */
    @Test
    void read_aPartSaidToBeTheWhole_isRefused() throws IOException {
        String chunked = "HTTP/1.1 200 OK\r\nConnection: close\r\nETag: \"one\"\r\n\r\n";
        String whole = new String(FILE, StandardCharsets.ISO_8859_1);
        host.first(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nETag: \"one\"\r\n\r\n" + Integer.toHexString(FILE.length) + "\r\n"
                        + whole.substring(0, 100_000),
                chunked + whole.substring(100_000) + whole.substring(0, 150_000));
        assertFails("has changed at the server");
    }

    @Test
    void read_theRestInAnotherEncoding_isRefused() throws IOException {
        host.cutting(100_000).first(cutWhole(100_000), "HTTP/1.1 206 Part\r\nETag: \"one\"\r\nContent-Encoding: gzip\r\nContent-Range: bytes 100000-"
                + (FILE.length - 1) + "/" + FILE.length + "\r\nContent-Length: " + (FILE.length - 100_000) + "\r\n\r\n");
        assertFails("has changed at the server");
    }

    @Test
    void read_aPartOfAnUnknownWhole_isRefused() throws IOException {
        host.first(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nETag: \"one\"\r\n\r\n" + Integer.toHexString(FILE.length) + "\r\n"
                        + new String(FILE, 0, 100_000, StandardCharsets.ISO_8859_1),
                "HTTP/1.1 206 Part\r\nETag: \"one\"\r\nContent-Range: bytes 100000-100003/*\r\nContent-Length: 4\r\n\r\nabcd");
        assertFails("does not say of how long a one");
    }

    private static String cutWhole(int bytes) {
        return "HTTP/1.1 200 OK\r\nETag: \"one\"\r\nContent-Length: " + FILE.length + "\r\n\r\n"
                + new String(FILE, 0, bytes, StandardCharsets.ISO_8859_1);
    }

    @Test
    void read_moreAnnouncedThanThere_isRefusedWithoutEnd() {
        host.lying(10);
        assertFails("has changed at the server"); // for the rest that it announced it has no range
    }

    @Test
    void read_anotherPartThanAsked_isRefused() throws IOException {
        host.cutting(100_000);
        try (Download download = open("/file")) {
            download.readNBytes(100_000);
            host.first("HTTP/1.1 206 Part\r\nContent-Range: bytes 5-9/300000\r\nContent-Length: 5\r\n\r\nhello");
            assertThatThrownBy(download::read).isInstanceOf(DownloadFailure.class).hasMessageContaining("answers with another part");
        }
    }

    @Test
    void open_busyServer_waitsAsItAsks() throws IOException {
        host.first(GONE, GONE, "HTTP/1.1 429 Slow\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n");
        try (LoggedLines log = new LoggedLines(Download.class.getName())) {
            assertThat(fetch("/file")).isEqualTo(FILE);
            assertThat(log.messages()).hasSize(3).last().asString().contains("429", "in 1.0 s");
        }
    }

    @Test
    void read_busyServerBetweenCuts_goesOn() throws IOException {
        host.cutting(100_000);
        try (Download download = open("/file")) {
            download.readNBytes(100_000);
            host.first(GONE, GONE);
            assertThat(download.readAllBytes()).hasSize(200_000);
        }
    }

    @Test
    void open_serverOutOfOrderForGood_saysSo() {
        host.first(GONE, GONE, GONE, GONE, GONE, GONE, GONE, GONE, GONE);
        assertFails("given up at byte 0", "the server answers 503");
    }

    @ParameterizedTest
    @CsvSource({"404, there is no such file", "410, there is no such file", "403, the file is not for everyone", "400, no file"})
    void open_refusal_isSaidAtOnce(int status, String words) {
        host.first("HTTP/1.1 " + status + " X\r\nContent-Length: 0\r\n\r\n");
        assertFails(host.url("/file"), "answers " + status, words);
        assertThat(host.requests()).hasSize(1);
    }

    @Test
    void open_nobodyThere_isSaidAtOnce() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        assertThatThrownBy(() -> Download.open(URI.create("http://127.0.0.1:" + port + "/x"), "test", Duration.ofHours(1)))
                .isInstanceOf(DownloadFailure.class)
                .hasMessageContaining("cannot be had: unreachable");
        assertThatThrownBy(() -> Download.open(URI.create("http://nobody.invalid/x"), "test", Duration.ofHours(1)))
                .isInstanceOf(DownloadFailure.class)
                .hasMessageContaining("cannot be had: unknown host");
    }

    @Test
    void read_silence_isACut() throws IOException {
        try (StrangeHost silent = new StrangeHost((request, out) -> {
            boolean again = request.has("range");
            String head = again ? "HTTP/1.1 206 Part\r\nContent-Range: bytes 5-10/11\r\n" : "HTTP/1.1 200 OK\r\n";
            out.write((head + "Content-Length: " + (again ? 6 : 11) + "\r\n\r\n" + (again ? " world" : "hello")).getBytes());
            out.flush();
            while (!again) {
                request.pause();
            }
        })) {
            try (Download download = Download.open(URI.create(silent.url()), "test", PATIENCE)) {
                assertThat(download.readAllBytes()).asString().isEqualTo("hello world");
            }
            assertThat(silent.requests).hasSize(2);
        }
    }

    @Test
    void read_lengthUnsaid_endsWithTheAnswer() throws IOException {
        host.first("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
        try (Download download = open("/file")) {
            assertThat(download.length()).isNegative();
            assertThat(download.readAllBytes()).asString().isEqualTo("hello");
        }
    }

    @Test
    void open_redirects_areFollowedAndBounded() throws IOException {
        host.redirecting("/a", "/b").redirecting("/b", host.url("/file")).redirecting("/round", "/round2").redirecting("/round2", "/round");
        try (Download download = open("/a")) {
            assertThat(download.location()).isEqualTo(URI.create(host.url("/file")));
        }
        assertThatThrownBy(() -> open("/round")).isInstanceOf(DownloadFailure.class).hasMessageContaining("redirects");
    }

    @Test
    void read_cutBehindARedirect_goesOnWhereItLed() throws IOException {
        host.redirecting("/latest", "/file").cutting(100_000);
        assertThat(fetch("/latest")).isEqualTo(FILE);
        assertThat(host.ranges("/latest")).containsExactly("");
        assertThat(host.ranges("/file")).containsExactly("", "bytes=100000-");
    }

    @Test
    void read_addressThatRanOut_asksTheFirstForAnother() throws IOException {
        host.redirecting("/latest", "/signed-1").with("/signed-1", FILE).with("/signed-2", FILE).cutting(100_000);
        try (Download download = open("/latest")) {
            download.readNBytes(100_000);
            host.redirecting("/latest", "/signed-2").first("HTTP/1.1 403 Expired\r\nContent-Length: 0\r\n\r\n");
            assertThat(download.readAllBytes()).isEqualTo(Arrays.copyOfRange(FILE, 100_000, FILE.length));
        }
        assertThat(host.ranges("/signed-2")).containsExactly("bytes=100000-");
    }

    @Test
    void close_whileAReadWaits_endsIt() throws Exception {
        try (StrangeHost silent = new StrangeHost((request, out) -> {
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n".getBytes());
            out.flush();
            while (true) {
                request.pause();
            }
        })) {
            Download download = Download.open(URI.create(silent.url()), "test", Duration.ofHours(1));
            CompletableFuture<byte[]> reading = CompletableFuture.supplyAsync(() -> {
                try {
                    download.transferTo(new ByteArrayOutputStream());
                    return new byte[0];
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            download.close();
            await().until(reading::isDone);
            assertThat(reading).isCompletedExceptionally();
        }
    }
}
