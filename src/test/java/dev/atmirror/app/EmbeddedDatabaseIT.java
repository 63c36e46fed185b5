package dev.atmirror.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atmirror.store.Schema;
import dev.atmirror.testkit.FakeUpstream;
import dev.atmirror.testkit.MirrorProcess;
import dev.atmirror.testkit.MirrorRun;
import dev.atmirror.testkit.SignedLog;
import dev.atmirror.testkit.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The PostgreSQL under the data folder, shared by commands, and outliving those that are killed. */
class EmbeddedDatabaseIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int OPERATIONS = 200;

    // Not a folder of JUnit's: the server needs the right to enter it, whoever it runs as.
    private final Path data = Path.of("target", "it", "embedded-database").toAbsolutePath();

    @BeforeEach
    @AfterEach
    void remove() throws IOException {
        if (Files.exists(data)) {
            try (Stream<Path> all = Files.walk(data)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private Settings settings() {
        return Settings.load(Map.of("atmirror.postgres.url", "", "atmirror.data.dir", data.toString()));
    }

    private List<String> serverLines() {
        try {
            return Files.readAllLines(data.resolve("postgres").resolve("postmaster.pid"));
        } catch (IOException e) {
            return List.of();
        }
    }

    private static long operations(Databases databases) throws SQLException {
        try (Connection connection = databases.readers().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select count(*) from plc_log_entries")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Test
    void open_twice_sharesOneServerThatTheLastStops() throws Exception {
        Databases first = Databases.open(settings());
        new Schema(first.schema()).migrate();
        List<String> server = serverLines();
        Databases second = Databases.open(settings());
        assertThat(second.address()).isEqualTo(first.address());
        assertThat(operations(second)).isZero();
        first.close();
        assertThat(operations(second)).isZero();
        assertThat(serverLines()).isEqualTo(server);
        second.close();
        assertThat(serverLines()).isEmpty();
        assertThat(data.resolve("postgres").resolve("PG_VERSION")).as("the data stays").exists();
    }

    private MirrorProcess start(FakeUpstream upstream) {
        Map<String, String> settings = MirrorRun.settings(TestDatabase.create(), upstream);
        return MirrorProcess.run(
                settings, "atmirror.postgres.url", "", "atmirror.data.dir", data.toString(), "atmirror.serve-while-behind", "true");
    }

    private static void awaitLast(MirrorProcess process, SignedLog log) {
        String did = log.lines().get(log.lines().size() - 1).did();
        var address = process.awaitAddress().resolve("/" + did + "/log/audit");
        await().atMost(PATIENCE).until(() -> Reply.get(address).status() == 200);
    }

    @Test
    void owner_killed_leavesTheServerToTheOtherProcessAndTheDataToTheNext() throws Exception {
        SignedLog log = SignedLog.of(61, OPERATIONS);
        try (FakeUpstream upstream = new FakeUpstream(log.lines())) {
            MirrorProcess owner = start(upstream);
            awaitLast(owner, log);
            List<String> server = serverLines();
            assertThat(server).isNotEmpty();
            try (MirrorProcess other = start(upstream)) {
                awaitLast(other, log);
                owner.kill();
                upstream.append(log.grow(20, 0));
                awaitLast(other, log);
                assertThat(serverLines().subList(0, 4)).as("the same server").isEqualTo(server.subList(0, 4));
                other.kill();
            }
            assertThat(serverLines().subList(0, 4)).as("nobody's server").isEqualTo(server.subList(0, 4));
            try (MirrorProcess heir = start(upstream)) {
                upstream.append(log.grow(20, 0));
                awaitLast(heir, log);
                assertThat(serverLines().subList(0, 4)).as("taken over").isEqualTo(server.subList(0, 4));
            }
            assertThat(serverLines()).as("stopped by the last").isEmpty();
        }
        try (Databases databases = Databases.open(settings())) {
            assertThat(operations(databases)).isEqualTo(log.valid().size());
        }
    }
}
