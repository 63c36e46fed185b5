package dev.atmirror.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atmirror.store.SnapshotView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotFolderTest {
    private static final Instant T0 = Instant.parse("2026-03-04T05:06:07Z");

    @TempDir
    private Path path;

    private SnapshotFolder folder;

    @BeforeEach
    void open() {
        folder = new SnapshotFolder(path);
    }

    private static Manifest manifest(String file) {
        return new Manifest(
                new Manifest.Content("pds_repos", file, "00ff", 4, 40, Map.of("pds_repo", 7L)),
                new Manifest.Origin(T0, "at-mirror 0", "002", "16.1", "15.19"),
                Optional.of(new SnapshotView.LogEnds(1, T0, 9, T0.plusSeconds(1))),
                List.of(new Manifest.Upstream("plc.test", "seq", 9, T0, 8)),
                Optional.of(new SnapshotView.LeftOut(2, 3)),
                true);
    }

    private Path publish(String name, LocalDate date) throws IOException {
        Path file = folder.free(name, date);
        Files.writeString(SnapshotFolder.hidden(file), "dump");
        folder.publish(file, manifest(file.getFileName().toString()));
        return file;
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(path)) {
            return all.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void publish_aDump_standsWithItsManifestAsWritten() throws IOException {
        Path file = publish("pds_repos", LocalDate.of(2026, 3, 4));
        assertThat(names()).containsExactly("pds_repos-20260304.sql.zst", "pds_repos-20260304.sql.zst.json");
        assertThat(folder.dumps()).singleElement().satisfies(dump -> {
            assertThat(dump.manifest()).contains(manifest(file.getFileName().toString()));
            assertThat(dump.date()).isEqualTo("2026-03-04");
            assertThat(dump.bytes()).isEqualTo(4);
        });
    }

    @Test
    void publish_twiceOnADay_leavesTheFirstAsItWas() throws IOException {
        publish("pds_repos", LocalDate.of(2026, 3, 4));
        assertThat(publish("pds_repos", LocalDate.of(2026, 3, 4))).hasFileName("pds_repos-20260304-2.sql.zst");
        assertThat(folder.dumps()).extracting(SnapshotFolder.Dump::number).containsExactly(2, 1);
    }

    @Test
    void prune_moreThanWanted_removesTheOldestOfThatNameOnly() throws IOException {
        publish("account_infos", LocalDate.of(2020, 1, 1));
        for (int day = 1; day <= 4; day++) {
            publish("pds_repos", LocalDate.of(2026, 3, day));
        }
        publish("pds_repos", LocalDate.of(2026, 3, 4));
        Files.writeString(path.resolve("pds_repos-20190101.sql.zst"), "somebody else's");
        folder.prune("pds_repos", 2);
        assertThat(names())
                .containsExactly(
                        "account_infos-20200101.sql.zst",
                        "account_infos-20200101.sql.zst.json",
                        "pds_repos-20190101.sql.zst",
                        "pds_repos-20260304-2.sql.zst",
                        "pds_repos-20260304-2.sql.zst.json",
                        "pds_repos-20260304.sql.zst",
                        "pds_repos-20260304.sql.zst.json");
    }

    @Test
    void lock_afterAKilledRun_removesWhatItLeftAndNothingElse() throws IOException {
        publish("pds_repos", LocalDate.of(2026, 3, 4));
        Files.writeString(path.resolve(".all-20260305.sql.zst.unfinished"), "half");
        Files.writeString(path.resolve(".all-20260305.sql.zst.json.unfinished"), "half");
        Files.writeString(path.resolve("all-20260305.sql.zst.json"), "its dump was not renamed any more");
        Files.writeString(path.resolve("notes.json"), "mine");
        folder.lock().close();
        assertThat(names())
                .containsExactly(".lock", "notes.json", "pds_repos-20260304.sql.zst", "pds_repos-20260304.sql.zst.json");
    }

    @Test
    void lock_whileAnotherHoldsIt_isRefusedAndLeavesItsFiles() throws IOException {
        try (SnapshotFolder.Lock held = folder.lock()) {
            Files.writeString(path.resolve(".all-20260305.sql.zst.unfinished"), "half");
            assertThatThrownBy(() -> folder.lock()).isInstanceOf(SnapshotFailure.class).hasMessageContaining("another process is dumping");
            assertThat(names()).contains(".all-20260305.sql.zst.unfinished");
        }
        folder.lock().close();
        assertThat(names()).containsExactly(".lock");
    }

    @Test
    void dumps_withABrokenManifest_areListedWithoutOne() throws IOException {
        Path file = publish("pds_repos", LocalDate.of(2026, 3, 4));
        for (String broken : List.of("", "{", "{\"format\": 1}", "{\"format\": 2}", "[1]")) {
            Files.writeString(file.resolveSibling(file.getFileName() + ".json"), broken);
            assertThat(folder.dumps()).singleElement().satisfies(dump -> assertThat(dump.manifest()).isEmpty());
            assertThatThrownBy(() -> SnapshotFolder.manifest(file)).isInstanceOf(SnapshotFailure.class).hasMessageNotContaining("\n");
        }
    }
}
