package dev.atmirror.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A data folder of a test's own, for the embedded PostgreSQL. Not a folder of JUnit's: the server needs the right to enter it. */
final class DataFolder {
    private final Path path;

    DataFolder(String name) {
        path = Path.of("target", "it", name).toAbsolutePath();
    }

    Path path() {
        return path;
    }

    Path postgres() {
        return path.resolve("postgres");
    }

    Path pidFile() {
        return postgres().resolve("postmaster.pid");
    }

    /** @param overrides name and value in turn */
    Settings settings(String... overrides) {
        Map<String, String> all = new HashMap<>(Map.of("atmirror.postgres.url", "", "atmirror.data.dir", path.toString()));
        for (int i = 0; i < overrides.length; i += 2) {
            all.put(overrides[i], overrides[i + 1]);
        }
        return Settings.load(all);
    }

    /** Of postmaster.pid; none where no server runs. */
    List<String> serverLines() {
        try {
            return Files.readAllLines(pidFile());
        } catch (IOException e) {
            return List.of();
        }
    }

    /** As a server leaves it that ran once: a copy of one that is made once for all tests, since that takes long. */
    void create() throws Exception {
        DataFolder template = new DataFolder("template");
        synchronized (DataFolder.class) {
            if (!Files.exists(template.postgres().resolve("PG_VERSION")) || !template.serverLines().isEmpty()) {
                template.remove();
                Databases.open(template.settings()).close();
            }
        }
        Files.createDirectories(path);
        copy(template.postgres());
        copy(template.path().resolve("postgres-program"));
    }

    private void copy(Path from) throws Exception {
        if (new ProcessBuilder("cp", "-a", from.toString(), path.toString()).start().waitFor() != 0) {
            throw new IOException("cannot copy " + from);
        }
    }

    void remove() throws IOException {
        if (Files.exists(path)) {
            try (Stream<Path> all = Files.walk(path)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }
}
