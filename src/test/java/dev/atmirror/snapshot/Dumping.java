package dev.atmirror.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.atmirror.store.SearchPath;
import dev.atmirror.testkit.TestDatabase;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.postgresql.ds.PGSimpleDataSource;

/** Dumps of a database of tests into a folder, and their way back by psql. */
final class Dumping {
    static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");
    private static final int SERVER = 15; // the tests' own
    private static final List<Path> FOLDERS =
            Arrays.stream(System.getenv("PATH").split(File.pathSeparator)).map(Path::of).toList();

    private final TestDatabase database;
    private final Path folder;
    private Optional<Path> tools = Optional.empty();

    Dumping(TestDatabase database, Path folder) {
        this.database = database;
        this.folder = folder;
    }

    /** The real one; skips the test where there is none that is new enough. */
    static Path realPgDump() {
        try {
            return new ClientTools(Optional.empty(), FOLDERS).find(SERVER).program();
        } catch (SnapshotFailure e) {
            assumeTrue(false, "needs a real pg_dump: " + e.getMessage());
            throw e;
        }
    }

    Dumping by(Path toolsFolder) {
        tools = Optional.of(toolsFolder);
        return this;
    }

    SnapshotFolder folder() {
        return new SnapshotFolder(folder);
    }

    SnapshotRun begin(String... names) {
        PGSimpleDataSource source = SearchPath.plain();
        source.setUrl(database.url());
        return SnapshotRun.begin(
                new SnapshotSettings(3, 2, 3, true, "at-mirror test"),
                folder(),
                new SnapshotSource(source, address(database), new ClientTools(tools, FOLDERS)),
                Stream.of(names).map(DumpKind::of).toList(),
                () -> NOW);
    }

    private static ServerAddress address(TestDatabase database) {
        return new ServerAddress(database.url(), "", "");
    }

    /** Makes and publishes all of them. */
    List<Manifest> dump(String... names) {
        List<Manifest> made = new ArrayList<>();
        try (SnapshotRun run = begin(names)) {
            while (run.hasNext()) {
                run.dump();
                made.add(run.publish());
                run.prune();
            }
        }
        return made;
    }

    Path file(Manifest manifest) {
        return folder.resolve(manifest.content().file());
    }

    /** All that lies in the folder, hidden files included, without the lock. */
    List<String> names() {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(file -> file.getFileName().toString()).filter(name -> !name.equals(".lock")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Loads a dump by psql, as a user would. */
    static void restore(Path file, TestDatabase into) throws IOException, InterruptedException {
        Path psql = realPgDump().resolveSibling("psql");
        assumeTrue(Files.isExecutable(psql), "needs psql beside pg_dump");
        ProcessBuilder builder = new ProcessBuilder(psql.toString(), "-q", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null");
        address(into).into(builder.environment());
        Process process = builder.redirectErrorStream(true).redirectOutput(Path.of("target", "psql.log").toFile()).start();
        try (OutputStream in = process.getOutputStream();
                InputStream plain = new ZstdInputStreamNoFinalizer(Files.newInputStream(file))) {
            plain.transferTo(in);
        }
        assertThat(process.waitFor()).as(() -> read(Path.of("target", "psql.log"))).isZero();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
