package dev.atmirror.realnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.app.Reply;
import dev.atmirror.app.RunningMirror;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The proof that a client cannot tell the mirror from the PLC directory: both are asked everything about every DID,
 * before and after live changes, an invalid operation, and a restart of the directory.
 */
class RealDirectoryIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60); // the stream is asked for again after 30 s

    @BeforeEach
    void install() throws IOException, InterruptedException {
        Realnet.install();
    }

    @Test
    void answers_ofThePublishedDirectory_areItsOwn() throws Exception {
        Realnet.Ports ports = Realnet.Ports.free();
        Path data = Path.of("target", "it", "published-directory");
        try (RunningMirror mirror = RunningMirror.of(ports.directoryAddress(), data);
                Realnet realnet = Realnet.start(ports, List.of())) {
            mirror.start();
            mirror.awaitReady();
            assertThat(mirror.mirror().readiness().kind()).isEqualTo("time");
            compareThroughChanges(realnet, mirror, ports);
        }
    }

    @Test
    void answers_ofTheDirectoryBuiltFromSource_areItsOwn() throws Exception {
        Optional<String> source = Optional.ofNullable(System.getenv("ATMIRROR_TEST_PLC_SOURCE"));
        assumeTrue(
                source.map(folder -> Files.isDirectory(Path.of(folder, "packages/server/dist"))).orElse(false),
                "skipped: ATMIRROR_TEST_PLC_SOURCE names no built checkout of the directory");
        Realnet.Ports ports = Realnet.Ports.free();
        Path data = Path.of("target", "it", "built-directory");
        try (RunningMirror mirror = RunningMirror.of(ports.directoryAddress(), data);
                Realnet realnet = Realnet.start(ports, directoryOf(source.get(), mirror))) {
            mirror.start();
            mirror.awaitReady();
            assertThat(mirror.mirror().readiness().kind()).isEqualTo("seq");
            await("the stream").atMost(PATIENCE).until(() -> mirror.mirror().readiness().streaming());
            compareThroughChanges(realnet, mirror, ports);
            await("the stream again").atMost(PATIENCE).until(() -> mirror.mirror().readiness().streaming());
        }
    }

    /** The built directory keeps its operations in PostgreSQL: a database of its own in the mirror's. */
    private static List<String> directoryOf(String source, RunningMirror mirror) throws SQLException {
        try (Connection connection = mirror.databases().readers().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create database directory");
        }
        String url = mirror.databases().address().jdbcUrl();
        String server = url.substring("jdbc:postgresql://".length(), url.lastIndexOf('/'));
        return List.of(
                "--plc-src", Path.of(source).toAbsolutePath().toString(),
                "--postgres-url", "postgresql://postgres@" + server + "/directory");
    }

    private static void compareThroughChanges(Realnet realnet, RunningMirror mirror, Realnet.Ports ports) {
        DirectoryComparison comparison = new DirectoryComparison(ports.directoryAddress(), mirror.address());
        Set<String> seeded = comparison.dids();
        assertThat(seeded).hasSizeGreaterThan(30);
        assertThat(comparison.differences(seeded)).isEmpty();
        assertThat(comparison.differencesInErrors(seeded.iterator().next())).isEmpty();

        String forged = realnet.newDid();
        awaitSeen(mirror, forged);
        JsonNode valid = Reply.get(mirror.address().resolve("/" + forged + "/log/audit")).json();
        String invalidCid = realnet.change("/invalid?did=" + forged).get("invalidOperations").get(0).textValue();
        changeMuch(realnet);
        awaitSeen(mirror, realnet.newDid());
        assertThat(reasonsOfRejection(mirror, invalidCid)).containsExactly("INVALID_SIGNATURE");
        assertThat(Reply.get(mirror.address().resolve("/" + forged + "/log/audit")).json())
                .describedAs("the log of the DID that the invalid operation was for")
                .isEqualTo(valid);

        realnet.change("/plc/stop");
        assertThat(Reply.get(mirror.address().resolve("/" + forged)).status())
                .describedAs("answers while the directory is away")
                .isEqualTo(200);
        realnet.change("/plc/start");
        awaitSeen(mirror, realnet.newDid());

        Set<String> all = comparison.dids();
        assertThat(all).hasSizeGreaterThanOrEqualTo(seeded.size() + 5);
        all.remove(forged); // The directory, past its checks, answers with the invalid operation.
        assertThat(comparison.differences(all)).isEmpty();
        assertThat(comparison.requests()).isGreaterThan(500);
    }

    private static void changeMuch(Realnet realnet) {
        realnet.change("/tombstone?did=" + realnet.newDid());
        realnet.change("/accounts?count=2");
        List<String> regular = realnet.dids("regular");
        realnet.change("/handle?did=" + regular.get(0) + "&name=renamed-once");
        realnet.change("/handle?did=" + regular.get(0) + "&name=renamed-twice");
        realnet.change("/handle?did=" + regular.get(1) + "&name=renamed");
    }

    private static void awaitSeen(RunningMirror mirror, String did) {
        await("the mirror has " + did)
                .atMost(PATIENCE)
                .until(() -> Reply.get(mirror.address().resolve("/" + did)).status() == 200);
    }

    private static List<String> reasonsOfRejection(RunningMirror mirror, String cid) {
        try (Connection connection = mirror.databases().readers().getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select reason from rejected_operations where cid = ?")) {
            select.setString(1, cid);
            List<String> reasons = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    reasons.add(rows.getString(1));
                }
            }
            return reasons;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
