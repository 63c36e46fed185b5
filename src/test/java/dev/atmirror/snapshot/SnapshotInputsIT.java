package dev.atmirror.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdCompressCtx;
import dev.atmirror.net.FileHost;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class SnapshotInputsIT {
    private static final Instant T0 = Instant.parse("2026-03-04T05:06:07Z");
    private static final byte[] PLAIN = lines();
    private static final byte[] ZSTD = zstd(PLAIN);
    private static final String NAME = "pds_repos-20260304.sql.zst";

    @TempDir
    private Path here;

    @TempDir
    private Path dumps;

    private final FileHost host = new FileHost();
    private SnapshotInputs inputs;

    @BeforeEach
    void open() {
        inputs = new SnapshotInputs("at-mirror test", here, new SnapshotFolder(dumps), Duration.ofSeconds(3));
    }

    @AfterEach
    void close() throws IOException {
        host.close();
    }

    /** Some MB that do not compress to nothing. */
    private static byte[] lines() {
        Random random = new Random(3);
        StringBuilder text = new StringBuilder("--\n-- PostgreSQL database dump\n--\n");
        for (int i = 0; i < 60_000; i++) {
            text.append(i).append('\t').append(Long.toHexString(random.nextLong())).append('\n');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] zstd(byte[] plain) {
        try (ZstdCompressCtx context = new ZstdCompressCtx()) {
            return context.setChecksum(true).compress(plain); // as the program zstd does
        }
    }

    private static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(plain);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return packed.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Stream.of(parts).forEach(all::writeBytes);
        return all.toByteArray();
    }

    private static byte[] part(byte[] bytes, double from, double to) {
        return Arrays.copyOfRange(bytes, (int) (bytes.length * from), (int) (bytes.length * to));
    }

    private static byte[] flipped(byte[] bytes) {
        byte[] damaged = bytes.clone();
        damaged[bytes.length / 2] ^= 1;
        return damaged;
    }

    private static Manifest manifest(byte[] file) {
        return new Manifest(
                new Manifest.Content(
                        "pds_repos", NAME, HexFormat.of().formatHex(DumpWriter.sha256().digest(file)), file.length, PLAIN.length, Map.of("pds_repo", 7L)),
                new Manifest.Origin(T0, "at-mirror 0", "002", "16.1", "15.19"),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                true);
    }

    private static byte[] json(Manifest manifest) {
        return ManifestJson.write(manifest).toPrettyString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] readWhole(SnapshotInput input) throws IOException {
        byte[] plain = input.plain().readAllBytes();
        input.checkWhole();
        return plain;
    }

    private void assertReads(String fileOrUrl) throws IOException {
        try (SnapshotInput input = inputs.open(fileOrUrl)) {
            assertThat(readWhole(input)).isEqualTo(PLAIN);
            assertThat(input.bytesRead()).isEqualTo(input.totalBytes());
        }
    }

    private static void assertFails(ThrowingCallable call, String... message) {
        assertThatThrownBy(call).isInstanceOf(SnapshotFailure.class).hasMessageContainingAll(message).hasMessageNotContaining("\n");
    }

    /** A frame as zstd --long writes it, with stored blocks (RFC 8878, section 3.1.1). */
    private static byte[] longWindow(int bits) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.writeBytes(new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, (byte) ((bits - 10) << 3)});
        for (int from = 0; from < PLAIN.length; ) {
            int count = Math.min(1 << 16, PLAIN.length - from);
            int head = count << 3 | (from + count == PLAIN.length ? 1 : 0);
            frame.writeBytes(new byte[] {(byte) head, (byte) (head >> 8), (byte) (head >> 16)});
            frame.write(PLAIN, from, count);
            from += count;
        }
        return frame.toByteArray();
    }

    /** Readable, but not with the memory that is allowed (issue 12, E30). */
    @Test
    void zstd_withALongWindow_isReadWhereTheSettingAllowsIt() throws IOException {
        Path file = Files.write(here.resolve("long.sql.zst"), longWindow(28));
        assertReadingFails(
                file.toString(), "long.sql.zst is no damaged file", "a window of 256 MB", "ATMIRROR_SNAPSHOT_WINDOW_MEGABYTES", "set it to 256 or higher");
        inputs = new SnapshotInputs("at-mirror test", here, new SnapshotFolder(here), Duration.ofSeconds(3), 256);
        assertReads(file.toString());
        // Behind an ordinary frame, where the beginning does not tell.
        inputs = new SnapshotInputs("at-mirror test", here, new SnapshotFolder(here), Duration.ofSeconds(3));
        Path second = Files.write(here.resolve("second.sql.zst"), join(ZSTD, longWindow(28)));
        assertReadingFails(second.toString(), "second.sql.zst is no damaged file", "ATMIRROR_SNAPSHOT_WINDOW_MEGABYTES");
    }

    @Test
    void gzip_withPaddingBehind_isRead() throws IOException {
        assertReads(Files.write(here.resolve("padded.gz"), join(gzip(PLAIN), new byte[70_000])).toString());
        Path two = Files.write(here.resolve("two.gz"), join(gzip(new byte[] {'a'}), gzip(new byte[] {'b'}), new byte[3]));
        try (SnapshotInput input = inputs.open(two.toString())) {
            assertThat(readWhole(input)).asString(StandardCharsets.UTF_8).isEqualTo("ab");
        }
        Path rubbish = Files.write(here.resolve("rubbish.gz"), join(gzip(PLAIN), new byte[10], new byte[] {1}));
        assertReadingFails(rubbish.toString(), "rubbish.gz", "something that is no gzip follows");
    }

    private void assertReadingFails(String fileOrUrl, String... message) {
        assertFails(
                () -> {
                    try (SnapshotInput input = inputs.open(fileOrUrl)) {
                        readWhole(input);
                    }
                },
                message);
    }

    static Stream<byte[]> packed() {
        byte[] first = part(PLAIN, 0, 0.3);
        byte[] rest = part(PLAIN, 0.3, 1);
        byte[] skippable = {0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4};
        return Stream.of(
                PLAIN,
                ZSTD,
                gzip(PLAIN),
                join(zstd(first), zstd(new byte[0]), zstd(rest)),
                join(skippable, zstd(first), skippable, zstd(rest), skippable),
                join(gzip(first), gzip(new byte[0]), gzip(rest)));
    }

    @ParameterizedTest
    @MethodSource("packed")
    void plain_anyPacking_isToldByItsFirstBytesAndReadToTheEnd(byte[] packed) throws IOException {
        Files.write(here.resolve("named.wrong"), packed);
        assertReads("named.wrong");
        host.with("/named.wrong", packed).cutting(1, 2, 3, 10, 100_000);
        assertReads(host.url("/named.wrong"));
    }

    @ParameterizedTest
    @MethodSource("packed")
    void plain_lessThanTheWholeOfIt_isNotCheckedWhole(byte[] packed) throws IOException {
        Files.write(here.resolve("file"), packed);
        try (SnapshotInput input = inputs.open("file")) {
            input.plain().readNBytes(100);
            assertFails(input::checkWhole, "file was not read to its end");
        }
    }

    @Test
    void open_aName_isLookedUpHereAndThenAmongTheDumps() throws IOException {
        Files.write(dumps.resolve(NAME), ZSTD);
        assertReads(NAME);
        Files.write(here.resolve(NAME), "another".getBytes(StandardCharsets.UTF_8));
        try (SnapshotInput input = inputs.open(NAME)) {
            assertThat(input.plain()).hasContent("another");
        }
        assertFails(() -> inputs.open("nothing.sql.zst"), "there is no file", "nothing.sql.zst");
        assertFails(() -> inputs.open("."), "there is no file");
    }

    @Test
    void open_withAManifest_hasItAndItsName() throws IOException {
        writeDump(ZSTD, manifest(ZSTD));
        try (SnapshotInput input = inputs.open(NAME)) {
            assertThat(input.name()).isEqualTo(NAME);
            assertThat(input.manifest()).contains(manifest(ZSTD));
        }
        assertReads(NAME);
    }

    private void writeDump(byte[] file, Manifest manifest) throws IOException {
        Files.write(here.resolve(NAME), file);
        Files.write(here.resolve(NAME + ".json"), json(manifest));
    }

    @Test
    void open_aFileThatIsNotItsManifests_failsBeforeAnythingIsRead() throws IOException {
        writeDump(part(ZSTD, 0, 0.5), manifest(ZSTD));
        assertFails(() -> inputs.open(NAME), NAME + " is not whole: it has", "its manifest says " + ZSTD.length);
        writeDump(flipped(ZSTD), manifest(ZSTD));
        assertFails(() -> inputs.open(NAME), NAME + " is damaged: its sha256 is");
        writeDump(ZSTD, manifest(flipped(ZSTD)));
        assertFails(() -> inputs.open(NAME), NAME + " is damaged: its sha256 is");
        Files.writeString(here.resolve(NAME + ".json"), "{}");
        assertFails(() -> inputs.open(NAME), NAME + ".json: its format is not given");
    }

    @Test
    void plain_withoutAManifest_failsWhereItBreaks() throws IOException {
        for (byte[] whole : List.of(ZSTD, gzip(PLAIN))) {
            Files.write(here.resolve("file"), part(whole, 0, 0.7));
            assertReadingFails("file", "file is not whole: it ends in the middle");
            Files.write(here.resolve("file"), Arrays.copyOf(whole, 5));
            assertReadingFails("file", "file is not whole: it ends in the middle");
            Files.write(here.resolve("file"), flipped(whole));
            assertReadingFails("file", "file is ", "damaged");
        }
        Files.write(here.resolve("file"), join(gzip(PLAIN), "rubbish".getBytes(StandardCharsets.UTF_8)));
        assertReadingFails("file", "file is ");
        Files.write(here.resolve("file"), join(ZSTD, "rubbish".getBytes(StandardCharsets.UTF_8)));
        assertReadingFails("file", "file is ");
        Files.write(here.resolve("file"), new byte[0]);
        assertReadingFails("file", "file is empty");
    }

    @Test
    void open_aUrl_takesTheManifestBesideIt() throws IOException {
        host.with("/a/" + NAME, ZSTD).with("/a/" + NAME + ".json", json(manifest(ZSTD)));
        try (SnapshotInput input = inputs.open(host.url("/a/" + NAME))) {
            assertThat(input.name()).isEqualTo(NAME);
            assertThat(input.manifest()).contains(manifest(ZSTD));
            assertThat(input.totalBytes()).isEqualTo(ZSTD.length);
            assertThat(readWhole(input)).isEqualTo(PLAIN);
        }
    }

    @Test
    void open_aRedirect_takesNameAndManifestFromWhereItLeads() throws IOException {
        host.redirecting("/latest", "/a/" + NAME)
                .with("/a/" + NAME, ZSTD)
                .with("/a/" + NAME + ".json", json(manifest(ZSTD)))
                .redirecting("/b/" + NAME, "/store/00ff?key=1")
                .with("/store/00ff?key=1", ZSTD)
                .with("/b/" + NAME + ".json", json(manifest(ZSTD)));
        for (String path : List.of("/latest", "/b/" + NAME)) {
            try (SnapshotInput input = inputs.open(host.url(path))) {
                assertThat(input.manifest()).contains(manifest(ZSTD));
                assertThat(input.name()).isEqualTo(path.equals("/latest") ? NAME : "00ff");
            }
        }
    }

    @Test
    void open_noManifestAtTheServer_goesWithout() throws IOException {
        host.with("/" + NAME, ZSTD);
        try (SnapshotInput input = inputs.open(host.url("/" + NAME))) {
            assertThat(input.manifest()).isEmpty();
        }
        host.with("/" + NAME + ".json", "<html>Welcome".getBytes(StandardCharsets.UTF_8));
        assertReads(host.url("/" + NAME));
    }

    @Test
    void open_aManifestOfAnotherFile_failsAtOnceOrAtTheEnd() {
        host.with("/" + NAME, ZSTD).with("/" + NAME + ".json", json(manifest(join(ZSTD, ZSTD))));
        assertFails(() -> inputs.open(host.url("/" + NAME)), "is not whole: it has " + ZSTD.length, "its manifest says");
        host.with("/" + NAME + ".json", json(manifest(flipped(ZSTD))));
        assertReadingFails(host.url("/" + NAME), NAME + " is damaged: its sha256 is");
    }

    @Test
    void open_anUnreadableManifest_isNotPassedOver() {
        host.with("/" + NAME, ZSTD).with("/" + NAME + ".json", "{\"format\": 9}".getBytes(StandardCharsets.UTF_8));
        assertFails(() -> inputs.open(host.url("/" + NAME)), NAME + ".json: its format is 9");
        host.with("/" + NAME + ".json", new byte[SnapshotFolder.LARGEST_MANIFEST + 1]);
        assertFails(() -> inputs.open(host.url("/" + NAME)), "too large for a manifest");
    }

    @Test
    void open_aManifestThatCannotBeHad_isNoMissingOne() {
        host.with("/" + NAME, ZSTD).redirecting("/" + NAME + ".json", "/round").redirecting("/round", "/" + NAME + ".json");
        assertFails(() -> inputs.open(host.url("/" + NAME)), NAME + ".json cannot be had: redirects");
    }

    @Test
    void bytesRead_afterCuts_countsEveryByteOnce() throws IOException {
        host.with("/" + NAME, ZSTD).with("/" + NAME + ".json", json(manifest(ZSTD))).withoutRanges().cutting(200_000, 300_000);
        try (SnapshotInput input = inputs.open(host.url("/" + NAME))) {
            assertThat(readWhole(input)).isEqualTo(PLAIN);
            assertThat(input.bytesRead()).isEqualTo(ZSTD.length);
        }
    }

    @Test
    void plain_aServerThatCutsForEver_saysWhere() {
        host.with("/x", ZSTD).cuttingForEver();
        assertReadingFails(host.url("/x"), host.url("/x"), "given up at byte 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://host/x", "file:///etc/passwd", "http://user:secret@host/x", "http:///x", "https://ho st/x"})
    void open_anAddressThatIsNotFetchedFrom_saysWhy(String url) {
        assertThatThrownBy(() -> inputs.open(url)).isInstanceOf(SnapshotFailure.class).hasMessageNotContaining("secret").hasMessageNotContaining("no file");
    }

    @Test
    void open_missingAtTheServer_saysTheAddress() {
        assertFails(() -> inputs.open(host.url("/x")), host.url("/x") + ": the server answers 404, there is no such file");
    }
}
