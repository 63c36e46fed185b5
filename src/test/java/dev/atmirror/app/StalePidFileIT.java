package dev.atmirror.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atmirror.store.Schema;
import dev.atmirror.testkit.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Issue 12, E27: what {@code postmaster.pid} names is nobody's server until it is proven to be that of the folder. */
class StalePidFileIT {
    private static final String PSQL = "somebody's psql";

    private final DataFolder folder = new DataFolder("stale-pid-file");
    private final TestDatabase stranger = TestDatabase.create();

    @BeforeEach
    void create() throws Exception {
        folder.remove();
        folder.create();
    }

    @AfterEach
    void remove() throws IOException {
        folder.remove();
    }

    private List<String> strangersLines() throws IOException {
        return new ArrayList<>(Files.readAllLines(Path.of(stranger.ask("show data_directory"), "postmaster.pid")));
    }

    private void write(List<String> lines) throws IOException {
        Files.write(folder.pidFile(), lines);
    }

    /** The database that a mirror would take, on the stranger's server. */
    private String strangersPostgres() {
        return stranger.url().replaceFirst("/test\\d+\\?", "/postgres?") + "&ApplicationName=" + PSQL.replace(" ", "%20");
    }

    private long sessionsOfAMirror() {
        return stranger.number("select count(*) from pg_stat_activity where application_name like 'at-mirror%'");
    }

    /** Opens, migrates and closes, while a client of the stranger's is at work. */
    private void openBesideTheStranger() throws Exception {
        try (Connection client = DriverManager.getConnection(strangersPostgres())) {
            try (Databases databases = Databases.open(folder.settings())) {
                new Schema(databases.schema()).migrate();
                assertThat(databases.address().jdbcUrl()).doesNotContain(":" + strangersLines().get(3) + "/");
                assertThat(sessionsOfAMirror()).as("sessions of ours at the stranger's").isZero();
                try (var statement = client.createStatement();
                        var there = statement.executeQuery("select to_regclass('plc_log_entries') is null")) {
                    there.next();
                    assertThat(there.getBoolean(1)).as("nothing is created at the stranger's").isTrue();
                }
            }
            assertThat(client.isValid(5)).as("the stranger's client goes on").isTrue();
        }
        assertThat(folder.serverLines()).as("ours is stopped").isEmpty();
    }

    @Test
    void open_whereAStrangersServerHasTheNumberAndThePort_startsItsOwn() throws Exception {
        write(strangersLines());
        openBesideTheStranger();
    }

    @Test
    void open_whereAStrangersServerHasThePort_startsItsOwnAndSignalsNobody() throws Exception {
        Process other = new ProcessBuilder("sleep", "600").start();
        try {
            List<String> lines = strangersLines();
            lines.set(0, String.valueOf(other.pid()));
            lines.set(1, folder.postgres().toString());
            write(lines);
            openBesideTheStranger();
            assertThat(other.isAlive()).isTrue();
        } finally {
            other.destroyForcibly();
        }
    }

    /** A shell may stand in the folder, and its number may be the stale one. */
    @Test
    void open_whereAProcessThatIsNoServerWorksInTheFolder_startsItsOwn() throws Exception {
        Process other = new ProcessBuilder("sleep", "600").directory(folder.postgres().toFile()).start();
        try {
            List<String> lines = strangersLines();
            lines.set(0, String.valueOf(other.pid()));
            write(lines);
            openBesideTheStranger();
            assertThat(other.isAlive()).isTrue();
        } finally {
            other.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "4", "1\n", "1\n/data/postgres\n1700000000\n", "garbage\n\u0000\u00ff\n", "1\n/data\nlater\nport\n", "-1\n/data/postgres\n1700000000\n0\n"})
    void open_whereTheFileIsEmptyOrCutOrForeign_startsCleanly(String content) throws Exception {
        Files.writeString(folder.pidFile(), content);
        try (Databases databases = Databases.open(folder.settings())) {
            assertThat(new Schema(databases.schema()).migrate()).isPositive();
            assertThat(folder.serverLines()).hasSizeGreaterThan(4);
        }
        assertThat(folder.serverLines()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void open_whereTheFileOfARunningServerIsDamaged_saysWhichProcessToStop(int linesLeft) throws Exception {
        try (Databases running = Databases.open(folder.settings())) {
            List<String> whole = folder.serverLines();
            write(whole.subList(0, linesLeft));
            assertThatThrownBy(() -> Databases.open(folder.settings()))
                    .hasMessageContaining("postmaster.pid is damaged")
                    .hasMessageContaining("kill " + whole.get(0).strip());
            write(whole);
            try (Databases second = Databases.open(folder.settings())) {
                assertThat(second.address()).isEqualTo(running.address());
            }
        }
        assertThat(folder.serverLines()).isEmpty();
    }

    @Test
    void open_whereTheFileOfARunningServerNamesAStrangersPort_takesNeither() throws Exception {
        try (Databases running = Databases.open(folder.settings())) {
            assertThat(running.address().user()).isEqualTo("postgres");
            List<String> whole = folder.serverLines();
            List<String> wrong = new ArrayList<>(whole);
            wrong.set(3, strangersLines().get(3));
            write(wrong);
            assertThatThrownBy(() -> Databases.open(folder.settings()))
                    .hasMessageContaining("belongs to another server")
                    .hasMessageContaining("kill " + whole.get(0).strip());
            write(whole);
        }
        assertThat(folder.serverLines()).isEmpty();
    }

    /** A copy of a folder whose server runs: the file names a living server of the same identity. */
    @Test
    void open_ofACopiedFolder_startsItsOwn() throws Exception {
        DataFolder copy = new DataFolder("stale-pid-file-copy");
        copy.remove();
        try (Databases running = Databases.open(folder.settings())) {
            assertThat(new ProcessBuilder("cp", "-a", folder.path().toString(), copy.path().toString()).start().waitFor()).isZero();
            try (Databases second = Databases.open(copy.settings())) {
                assertThat(second.address()).isNotEqualTo(running.address());
                assertThat(copy.serverLines().get(0)).isNotEqualTo(folder.serverLines().get(0));
            }
            assertThat(copy.serverLines()).isEmpty();
            assertThat(folder.serverLines()).isNotEmpty();
        } finally {
            copy.remove();
        }
    }
}
