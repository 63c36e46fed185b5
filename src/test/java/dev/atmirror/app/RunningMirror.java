package dev.atmirror.app;

import dev.atmirror.store.Schema;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A whole mirror inside the test, with a PostgreSQL of its own in a folder that goes when it is closed. */
public final class RunningMirror implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path folder;
    private final Databases databases;
    private final Mirror mirror;

    private RunningMirror(Path folder, Databases databases, Mirror mirror) {
        this.folder = folder;
        this.databases = databases;
        this.mirror = mirror;
    }

    /** Puts it together and migrates its database; {@link #start} runs it. The upstream is not asked before. */
    public static RunningMirror of(URI upstream, Path folder) {
        return of(upstream, folder, Map.of());
    }

    /** @param more settings, which win */
    public static RunningMirror of(URI upstream, Path folder, Map<String, String> more) {
        delete(folder); // of a run that was killed
        Map<String, String> all = new HashMap<>(Map.of(
                "atmirror.plc.upstream", upstream.toString(),
                "atmirror.postgres.url", "",
                "atmirror.data.dir", folder.toString(),
                "atmirror.http.host", "127.0.0.1",
                "atmirror.http.port", "0",
                "atmirror.net.allow-private", "true",
                "atmirror.routes.pds-hosts.enabled", "false",
                "atmirror.routes.pds-accounts.enabled", "false",
                "atmirror.routes.plc-logs.schedule", "* * * * * ?"));
        all.putAll(more);
        Settings settings = Settings.load(all);
        Databases databases = Databases.open(settings);
        new Schema(databases.schema()).migrate();
        return new RunningMirror(folder, databases, new Mirror(settings, databases));
    }

    public void start() {
        try {
            mirror.start(route -> true, true);
        } catch (Exception e) {
            throw new IllegalStateException("the mirror does not start", e);
        }
    }

    public void awaitReady() {
        await("the mirror has caught up").atMost(PATIENCE).until(() -> mirror.readiness().ready());
    }

    public Mirror mirror() {
        return mirror;
    }

    public Databases databases() {
        return databases;
    }

    /** The first column, as text. */
    public List<String> ask(String sql) {
        try (Connection connection = databases.readers().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    public void run(String sql) {
        try (Connection connection = databases.readers().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** Where it answers. */
    public URI address() {
        return URI.create("http://127.0.0.1:" + mirror.port());
    }

    @Override
    public void close() {
        mirror.close();
        databases.close();
        delete(folder);
    }

    private static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
