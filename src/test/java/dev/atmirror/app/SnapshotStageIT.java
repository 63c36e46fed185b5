package dev.atmirror.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.atmirror.snapshot.FakePgDump;
import dev.atmirror.snapshot.RealRclone;
import dev.atmirror.testkit.FakeUpstream;
import dev.atmirror.testkit.MirrorRun;
import dev.atmirror.testkit.SignedLog;
import dev.atmirror.testkit.TestDatabase;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The stage in a running mirror: by its schedule, switched off in the middle, and stopped in the middle. */
@DisabledOnOs(OS.WINDOWS)
class SnapshotStageIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String EMPTY_TABLES =
            """
            for word; do case $word in --table=*)
                printf 'COPY public.%s (id) FROM stdin;\\n\\\\.\\n' "$(echo "${word##*.}" | tr -d '"')"
            esac; done
            """;
    private static final String ENDLESS = "echo 'COPY public.pds_hosts (id) FROM stdin;'\nexec od -An -v -x /dev/urandom";

    @TempDir
    private Path folder;

    private MirrorRun start(FakeUpstream upstream, String script, String... more) {
        String[] settings = {
                "atmirror.routes.snapshot.enabled", "true",
                "atmirror.routes.snapshot.schedule", "* * * * * ?",
                "atmirror.snapshot.tables", "pds_repos",
                "atmirror.snapshot.keep", "2",
                "atmirror.snapshot.pg-bin", FakePgDump.in(folder.resolve("bin"), "15.0", script).toString(),
                "atmirror.dumps.dir", folder.resolve("dumps").toString()
        };
        return MirrorRun.start(
                TestDatabase.create(), upstream, Stream.of(settings, more).flatMap(Stream::of).toArray(String[]::new));
    }

    private long files(String ending) {
        File[] all = folder.resolve("dumps").toFile().listFiles();
        return Stream.of(Objects.requireNonNullElse(all, new File[0])).filter(file -> file.getName().endsWith(ending)).count();
    }

    private static FakeUpstream upstream() {
        return new FakeUpstream(SignedLog.of(82, 10).lines());
    }

    @Test
    void dumps_byTheSchedule_areMadeAndPruned() {
        try (FakeUpstream upstream = upstream();
                MirrorRun run = start(upstream, EMPTY_TABLES)) {
            await().atMost(PATIENCE).until(() -> files("-3.sql.zst") + files("-4.sql.zst") > 0);
            await().atMost(PATIENCE).until(() -> files(".sql.zst") == 2);
        }
        assertThat(files(".unfinished")).isZero();
    }

    @Test
    void dumps_byTheSchedule_areSentWhereThatIsSwitchedOn() {
        RealRclone.program();
        File there = folder.resolve("there").toFile();
        try (FakeUpstream upstream = upstream();
                MirrorRun run = start(
                        upstream, EMPTY_TABLES, "atmirror.snapshot.upload", "true", "atmirror.snapshot.upload-remote", ":local:" + there)) {
            await().atMost(PATIENCE).until(() -> there.list((in, name) -> name.endsWith(".zst")) != null
                    && there.list((in, name) -> name.endsWith(".zst")).length > 1);
        }
        assertThat(there.list((in, name) -> name.endsWith("-2.sql.zst.json"))).hasSize(1);
    }

    @Test
    void upload_switchedOnWithoutARemote_stopsTheStart() {
        try (FakeUpstream upstream = upstream()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> start(upstream, EMPTY_TABLES, "atmirror.snapshot.upload", "true"))
                    .withMessageContaining("atmirror.snapshot.upload-remote");
        }
    }

    @Test
    void dump_switchedOffInTheMiddle_isGivenUpAndBegunAgainWhenSwitchedOn() {
        try (FakeUpstream upstream = upstream();
                MirrorRun run = start(upstream, ENDLESS)) {
            await().atMost(PATIENCE).until(() -> files(".unfinished") == 1);
            run.mirror().toggle("snapshot", false);
            await().atMost(PATIENCE).until(() -> files(".unfinished") == 0);
            run.mirror().toggle("snapshot", true);
            await().atMost(PATIENCE).until(() -> files(".unfinished") == 1);
        }
        assertThat(files(".unfinished") + files(".sql.zst")).as("of a mirror that was stopped").isZero();
    }
}
