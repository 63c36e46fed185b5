package dev.atmirror.testkit;

import dev.atmirror.store.SearchPath;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;

/**
 * A database of its own in the one PostgreSQL that all tests of this program share. {@link #stopServer} and
 * {@link #startServer} take that away and bring it back on the same data and port.
 */
public final class TestDatabase implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static Path folder;
    private static EmbeddedPostgres server;
    private static int port;

    private final String name;

    private TestDatabase(String name) {
        this.name = name;
    }

    public static synchronized TestDatabase create() {
        if (server == null) {
            startServer();
        }
        TestDatabase database = new TestDatabase("test" + COUNT.incrementAndGet());
        new TestDatabase("postgres").run("create database " + database.name);
        return database;
    }

    public static synchronized void startServer() {
        try {
            if (folder == null) {
                Files.createDirectories(Path.of("target"));
                folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "postgres");
                Runtime.getRuntime().addShutdownHook(new Thread(TestDatabase::remove));
            }
            var builder = EmbeddedPostgres.builder()
                    .setDataDirectory(folder.resolve("data"))
                    .setOverrideWorkingDirectory(folder.resolve("program").toFile())
                    .setCleanDataDirectory(false)
                    .setLocaleConfig("locale", "C")
                    .setLocaleConfig("encoding", "UTF8")
                    .setPGStartupWait(Duration.ofMinutes(1))
                    .setServerConfig("max_connections", "100");
            server = (port == 0 ? builder : builder.setPort(port)).start();
            port = server.getPort();
        } catch (IOException e) {
            throw new IllegalStateException("PostgreSQL does not start", e);
        }
    }

    public static synchronized void stopServer() {
        try {
            server.close();
        } catch (IOException e) {
            throw new IllegalStateException("PostgreSQL does not stop", e);
        }
        server = null;
    }

    private static synchronized void remove() {
        if (server != null) {
            stopServer();
        }
        delete(folder.toFile());
    }

    private static void delete(File file) {
        File[] inside = Files.isSymbolicLink(file.toPath()) ? null : file.listFiles();
        for (File each : inside == null ? new File[0] : inside) {
            delete(each);
        }
        file.delete();
    }

    public String url() {
        return "jdbc:postgresql://localhost:" + port + "/" + name + "?user=postgres";
    }

    /** For what asks a pool. */
    public javax.sql.DataSource source() {
        org.postgresql.ds.PGSimpleDataSource source = SearchPath.plain();
        source.setUrl(url());
        return source;
    }

    public Connection connect() throws SQLException {
        return source().getConnection();
    }

    /** Makes the schema, for tests that need no mirror. */
    public void migrate() {
        Flyway.configure().dataSource(source()).load().migrate();
    }

    public void run(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** The first column of the first row as text. */
    public String ask(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? String.valueOf(rows.getString(1)) : "nothing";
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    public long number(String sql) {
        return Long.parseLong(ask(sql));
    }

    /** Stored operations; 0 before the schema is there or while the server is away. */
    public long operations() {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select count(*) from plc_operation")) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            return 0;
        }
    }

    /** Number and content of the log's rows: equal for equal logs, whatever happened on the way. */
    public String content() {
        return ask("select count(*) || ' operations ' || count(distinct (did, cid)) || ' distinct ' || md5(string_agg("
                + "did || cid || nullified || operation, ',' order by did, cid)) from plc_log_entries");
    }

    /** What users see of the accounts, in the same way. */
    public String accounts() {
        return ask("select count(*) || ' accounts ' || md5(string_agg(concat_ws('|', did, handle, pds, plc_timestamp,"
                + " tombstoned), ',' order by did)) from account_infos");
    }

    @Override
    public void close() {
        // The server's folder goes when the program ends.
    }
}
