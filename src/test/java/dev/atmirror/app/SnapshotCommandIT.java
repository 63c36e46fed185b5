package dev.atmirror.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.identity.Json;
import dev.atmirror.snapshot.FakePgDump;
import dev.atmirror.snapshot.RealRclone;
import dev.atmirror.testkit.CrawledAccounts;
import dev.atmirror.testkit.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code snapshot dump|list|verify|upload}, with scripts in the place of pg_dump, and what a failure leaves behind: nothing. */
@DisabledOnOs(OS.WINDOWS)
class SnapshotCommandIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    /** As pg_dump writes: each table that was asked for, with one row. */
    private static final String ONE_ROW_EACH =
            """
            for word; do case $word in --table=*)
                table=${word##*.}
                printf 'COPY public.%s (id) FROM stdin;\\n1\\n\\\\.\\n' "$(echo "$table" | tr -d '"')"
            esac; done
            """;
    /** Writes without end, what does not compress. */
    private static final String ENDLESS = "echo 'COPY public.pds_hosts (id) FROM stdin;'\nexec od -An -v -x /dev/urandom";

    @TempDir
    private Path folder;

    private final Map<String, String> settings = new HashMap<>();
    private final TestDatabase database = TestDatabase.create();

    @BeforeEach
    void set() {
        database.migrate();
        CrawledAccounts.fill(database);
        settings.put("atmirror.postgres.url", database.url());
        settings.put("atmirror.dumps.dir", folder.resolve("dumps").toString());
        pgDump("15.0", ONE_ROW_EACH);
    }

    @AfterEach
    void noConnectionIsLeft() {
        await("no transaction stays open")
                .atMost(PATIENCE)
                .until(() -> database.number("select count(*) from pg_stat_activity where datname = current_database()"
                                + " and state = 'idle in transaction'")
                        == 0);
    }

    private void pgDump(String version, String script) {
        settings.put("atmirror.snapshot.pg-bin", FakePgDump.in(folder.resolve("bin"), version, script).toString());
    }

    private Commands.Outcome snapshot(String... arguments) {
        String[] all = Stream.concat(Stream.of("snapshot"), Stream.of(arguments)).toArray(String[]::new);
        return Commands.run(settings, all);
    }

    private List<String> files() {
        Path dumps = Path.of(settings.get("atmirror.dumps.dir"));
        if (!Files.exists(dumps)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(dumps)) {
            return all.map(file -> file.getFileName().toString()).filter(name -> !name.equals(".lock")).sorted().toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void dump_withoutATable_dumpsWhatTheSettingsName() {
        Commands.Outcome outcome = snapshot("dump");
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.out()).hasLineCount(4).containsPattern("plc_log_entries-raw-\\d{8}\\.sql\\.zst  6 rows, 0\\.\\d kB");
        assertThat(files()).hasSize(8);
    }

    @Test
    void list_ofDumps_namesThemWithWhatTheyHold() throws IOException {
        assertThat(snapshot("list").out()).startsWith("no dumps in ");
        snapshot("dump", "--table", "plc_log_entries", "--table", "pds_repos", "--filtered");
        Files.writeString(folder.resolve("dumps").resolve("plc_log_entries-raw-20200102.sql.zst"), "from elsewhere");
        assertThat(snapshot("list").out().lines())
                .hasSize(3)
                .anySatisfy(line -> assertThat(line).startsWith("pds_repos-2").endsWith("4 rows"))
                .anySatisfy(line -> assertThat(line).startsWith("plc_log_entries-filtered-2").contains(" rows to seq 12, verified"))
                .anySatisfy(line -> assertThat(line).startsWith("plc_log_entries-raw-20200102.sql.zst").endsWith("no manifest"));
        JsonNode listed = Json.parse(snapshot("list", "--json").out()).path("snapshots");
        assertThat(listed).hasSize(3);
        assertThat(listed.get(0).path("manifest").path("rows").path("pds_repo").asInt()).isEqualTo(1);
        assertThat(listed.get(2).path("manifest").isNull()).isTrue();
    }

    @Test
    void verify_byNameOrPath_saysWhetherItIsWhole() throws IOException {
        snapshot("dump", "--table", "pds_repos");
        String name = files().get(0);
        Path file = folder.resolve("dumps").resolve(name);
        assertThat(snapshot("verify", name).out()).isEqualToNormalizingNewlines(name + " is whole: 4 rows in 4 tables\n");
        assertThat(snapshot("verify", file.toString()).code()).isZero();
        Files.write(file, new byte[7]);
        Commands.Outcome outcome = snapshot("verify", name);
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).startsWith("at-mirror: " + name + " is not whole: it has 7 bytes").hasLineCount(1);
        assertThat(snapshot("verify", "none.sql.zst").err()).contains("there is no file").hasLineCount(1);
    }

    @Test
    void upload_byName_sendsItByTheRealRclone() {
        snapshot("dump", "--table", "pds_repos");
        String name = files().get(0);
        assertThat(snapshot("upload", name).err()).contains("nowhere to upload to", "atmirror.snapshot.upload-remote").hasLineCount(1);
        RealRclone.program();
        settings.put("atmirror.snapshot.upload-remote", ":local:" + folder.resolve("there"));
        Commands.Outcome outcome = snapshot("upload", name);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.out()).isEqualToNormalizingNewlines("sent :local:" + folder.resolve("there").resolve(name) + "\n");
        assertThat(folder.resolve("there").resolve(name)).hasSameBinaryContentAs(folder.resolve("dumps").resolve(name));
        assertThat(folder.resolve("there").resolve(name + ".json")).exists();
    }

    @Test
    void dump_ofAnUnknownTable_isAUsageError() {
        Commands.Outcome outcome = snapshot("dump", "--table", "plc_log");
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).contains("no such dump: plc_log; there are account_infos, all, ").hasLineCount(1);
        assertThat(snapshot("dump", "--table", "pds_repos", "--filtered").code()).isEqualTo(2);
    }

    @Test
    void dump_withAnOldPgDump_namesThePackage() {
        pgDump("14.9", ONE_ROW_EACH);
        Commands.Outcome outcome = snapshot("dump");
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).contains("older than the server's 15").contains("postgresql-client-15").hasLineCount(1);
        settings.put("atmirror.snapshot.pg-bin", folder.resolve("nowhere").toString());
        assertThat(snapshot("dump").err()).contains("there is no pg_dump in ").contains("postgresql-client-15").hasLineCount(1);
        assertThat(files()).isEmpty();
    }

    @Test
    void dump_wherePgDumpFails_leavesNothingAndSaysWhy() {
        pgDump("15.0", ONE_ROW_EACH + "echo 'pg_dump: error: something broke' >&2\nexit 3");
        Commands.Outcome outcome = snapshot("dump", "--table", "pds_repos");
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).isEqualToNormalizingNewlines("at-mirror: pg_dump ended with 3: pg_dump: error: something broke\n");
        assertThat(files()).isEmpty();
    }

    @Test
    void dump_wherePgDumpEndsInTheMiddleOrForgetsATable_isNoDump() {
        pgDump("15.0", "echo 'COPY public.pds_hosts (id) FROM stdin;'\necho 1");
        assertThat(snapshot("dump", "--table", "pds_repos").err()).contains("the rows of pds_hosts do not end");
        pgDump("15.0", "printf 'COPY public.pds_hosts (id) FROM stdin;\\n1\\n\\\\.\\n'");
        assertThat(snapshot("dump", "--table", "pds_repos").err()).contains("wrote nothing of pds_operator, pds_repo, pds_stage_failure");
        assertThat(files()).isEmpty();
    }

    @Test
    void dump_onAFullDisk_leavesNothingAndSaysWhatToDo() throws Exception {
        Path small = Files.createDirectories(folder.resolve("small"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small.toString()), "may not mount a small disk");
        try {
            settings.put("atmirror.dumps.dir", small.toString());
            pgDump("15.0", ENDLESS);
            Commands.Outcome outcome = snapshot("dump", "--table", "pds_repos");
            assertThat(outcome.code()).isEqualTo(1);
            assertThat(outcome.err())
                    .startsWith("at-mirror: the disk under " + small + " is full; pds_repos-")
                    .contains("atmirror.dumps.dir")
                    .hasLineCount(1);
            assertThat(files()).isEmpty();
        } finally {
            assertThat(run("umount", small.toString())).isTrue();
        }
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException e) {
            return false; // no such program here
        }
    }

    @Test
    void dump_killedInTheMiddle_leavesNoDumpAndTheNextCleansUp() throws Exception {
        pgDump("15.0", ENDLESS);
        Process killed = process("snapshot", "dump", "--table", "pds_repos");
        awaitSomeOfIt();
        assertThat(snapshot("dump", "--table", "pds_repos").err()).contains("another process is dumping into");
        killed.destroyForcibly();
        assertThat(killed.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(files()).singleElement().asString().startsWith(".").endsWith(".unfinished");
        assertThat(snapshot("list").out()).startsWith("no dumps in ");
        pgDump("15.0", ONE_ROW_EACH);
        assertThat(snapshot("dump", "--table", "account_infos").code()).isZero();
        assertThat(files()).hasSize(2).allMatch(name -> name.startsWith("account_infos-"));
    }

    @Test
    void dump_stoppedByASignal_leavesNothing() throws Exception {
        pgDump("15.0", ENDLESS);
        Process stopped = process("snapshot", "dump", "--table", "pds_repos");
        awaitSomeOfIt();
        stopped.destroy();
        assertThat(stopped.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(stopped.exitValue()).isNotZero();
        assertThat(files()).isEmpty();
    }

    private void awaitSomeOfIt() {
        await("a dump is under way").atMost(PATIENCE).until(() -> files().stream()
                .anyMatch(name -> folder.resolve("dumps").resolve(name).toFile().length() > 100_000));
    }

    private Process process(String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(Stream.concat(
                        Stream.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx256m",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName()),
                        Stream.of(arguments))
                .toList());
        settings.forEach((key, value) -> builder.environment().put(Settings.environmentName(key), value));
        return builder.redirectErrorStream(true).redirectOutput(folder.resolve("output").toFile()).start();
    }
}
