package dev.atmirror.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.atmirror.testkit.LoggedLines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** By the real rclone, to a folder, which is a remote like any other to it. */
@Timeout(60)
@DisabledOnOs(OS.WINDOWS)
class SnapshotUploadIT {
    private static final Instant T0 = Instant.parse("2026-03-04T05:06:07Z");
    private static final String NAME = "pds_repos-20260304.sql.zst";

    @TempDir
    private Path folder;

    private Path file;
    private Path there;
    private Optional<Path> rclone = Optional.empty();
    private InstantSource clock = InstantSource.fixed(T0);

    @BeforeEach
    void dump() throws IOException {
        file = write(Files.createDirectory(folder.resolve("dumps")), 1);
        there = folder.resolve("there").resolve("mirror");
    }

    /** A dump with its manifest. */
    private static Path write(Path into, long seed) throws IOException {
        StringBuilder sql = new StringBuilder("COPY public.pds_repo (id) FROM stdin;\n");
        Random random = new Random(seed);
        for (int i = 0; i < 50_000; i++) {
            sql.append(Long.toHexString(random.nextLong())).append('\n');
        }
        Path dump = into.resolve(NAME);
        Files.deleteIfExists(dump);
        DumpWriter.Written written;
        try (DumpWriter writer = new DumpWriter(dump, 3, 1, now -> {})) {
            writer.write(sql.append("\\.\n").toString().getBytes(StandardCharsets.UTF_8));
            written = writer.finish();
        }
        Manifest manifest = new Manifest(
                new Manifest.Content("pds_repos", NAME, written.sha256(), written.bytes(), written.plainBytes(), written.rows()),
                new Manifest.Origin(T0, "at-mirror 0", "002", "16.1", "15.19"),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                false);
        Files.writeString(into.resolve(NAME + ".json"), ManifestJson.write(manifest).toPrettyString());
        return dump;
    }

    private SnapshotUpload open(String remote) {
        return SnapshotUpload.open(new UploadSettings(remote, rclone, RealRclone.FOLDERS), clock);
    }

    private String remote() {
        RealRclone.program();
        return ":local:" + there;
    }

    private String upload(String remote) {
        try (SnapshotUpload upload = open(remote)) {
            return upload.upload(file);
        }
    }

    private void assertFails(String remote, String... message) {
        assertThatThrownBy(() -> upload(remote)).isInstanceOf(SnapshotFailure.class).hasMessageContainingAll(message).hasMessageNotContaining("\n");
    }

    private List<String> arrived() throws IOException {
        if (!Files.exists(there)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(there)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void upload_aDump_bringsItAndItsManifest() throws IOException {
        assertThat(upload(remote())).isEqualTo(":local:" + there + "/" + NAME);
        assertThat(arrived()).containsExactly(NAME, NAME + ".json");
        assertThat(SnapshotCheck.verify(there.resolve(NAME)).content().rows()).isEqualTo(Map.of("pds_repo", 50_000L));
        assertThat(upload(remote() + "/")).as("again").endsWith("mirror/" + NAME);
    }

    @Test
    void upload_asItGoes_sendsTheManifestFirst() throws IOException {
        Path log = folder.resolve("calls");
        rclone = Optional.of(RealRclone.through(folder, "for last; do :; done; echo \"$3 $last\" >> " + log + "; exec rclone \"$@\""));
        upload(remote());
        String to = ":local:" + there + "/" + NAME;
        assertThat(Files.readAllLines(log)).containsExactly("cat " + to + ".json", "copyto " + to + ".json", "copyto " + to);
    }

    @Test
    void upload_cutOffAfterTheManifest_isFinishedByTheNext() throws IOException {
        upload(remote());
        Files.delete(there.resolve(NAME));
        upload(remote());
        assertThat(there.resolve(NAME)).hasSameBinaryContentAs(file);
    }

    @Test
    void upload_whereAnotherHasTheName_changesNothing() throws IOException {
        write(Files.createDirectories(there), 2);
        byte[] before = Files.readAllBytes(there.resolve(NAME));
        assertFails(remote(), "there is another file at :local:" + there + "/" + NAME, "upload-remote");
        assertThat(there.resolve(NAME)).hasBinaryContent(before);
        Files.writeString(there.resolve(NAME + ".json"), "{}");
        assertFails(remote(), "there is another file at");
    }

    @Test
    void upload_aDamagedDump_sendsNothing() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        assertFails(remote(), NAME + " is damaged");
        Files.delete(file.resolveSibling(NAME + ".json"));
        assertFails(remote(), NAME + " has no manifest beside it");
        assertThat(arrived()).isEmpty();
    }

    @Test
    void upload_thatRcloneRefuses_saysItsLastWords() {
        RealRclone.program();
        assertFails("nowhere:bucket", "rclone ended with 1: ", "didn't find section in config file");
        assertFails(":local:/proc/nothing", "rclone ended with ", "/proc/nothing", "no such file or directory");
    }

    @Test
    void open_withoutRcloneOrARemote_saysHowToGetThem() {
        assertThatThrownBy(() -> open("")).isInstanceOf(SnapshotFailure.class).hasMessageContainingAll("atmirror.snapshot.upload-remote", "rclone config");
        rclone = Optional.of(folder.resolve("none"));
        assertThatThrownBy(() -> open(":local:/tmp"))
                .isInstanceOf(SnapshotFailure.class)
                .hasMessageContainingAll("there is no rclone at " + folder, "atmirror.snapshot.rclone", "apt install rclone");
        assertThatThrownBy(() -> SnapshotUpload.open(new UploadSettings("x:", Optional.empty(), List.of(folder)), clock))
                .hasMessageStartingWith("there is no rclone on the PATH; install it");
    }

    @Test
    void upload_thatTakesLong_saysHowFarItIs() {
        AtomicInteger looks = new AtomicInteger();
        clock = () -> T0.plusSeconds(5L * looks.getAndIncrement());
        rclone = Optional.of(RealRclone.through(folder, "exec rclone --bwlimit=200k \"$@\""));
        try (LoggedLines log = new LoggedLines(SnapshotUpload.class.getName())) {
            upload(remote());
            assertThat(log.messages()).anySatisfy(line -> assertThat(line).matches(NAME + ": [0-9.]+ kB of 4[0-9.]+ kB sent, [0-9.]+ MB/s, \\d+ %"));
        }
    }

    @Test
    void close_inTheMiddle_endsRcloneAndLeavesNoDump() throws Exception {
        rclone = Optional.of(RealRclone.through(folder, "echo $$ > " + folder.resolve("pid") + "; exec rclone --bwlimit=20k \"$@\""));
        SnapshotUpload upload = open(remote());
        CompletableFuture<String> sending = CompletableFuture.supplyAsync(() -> upload.upload(file));
        await().until(() -> arrived().contains(NAME));
        long pid = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
        upload.close();
        await().until(sending::isDone);
        assertThat(sending).failsWithin(java.time.Duration.ofSeconds(1)).withThrowableThat().withMessageContaining("stopped");
        await().until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
        assertThatThrownBy(() -> upload.upload(file)).hasMessage("stopped");
    }
}
