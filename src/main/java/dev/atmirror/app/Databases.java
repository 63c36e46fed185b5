package dev.atmirror.app;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connections: to the database of the settings, or to an embedded PostgreSQL under the data folder. */
public final class Databases implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Databases.class);
    /** A plan made while a table was still empty would scan it for ever after; the writer's lookups all have an index. */
    private static final String WRITER_PLANS =
            "set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off; set jit = off";

    private static final int WRITER_CONNECTIONS = 4; // lease, verifying, laying out, storing

    /** Where PostgreSQL listens. */
    public record Address(String jdbcUrl, String user, String password) {}

    private final Address address;
    private final HikariDataSource readers;
    private final HikariDataSource writer;
    private final Runnable stop;

    private Databases(Address address, int readerConnections, Runnable stop) {
        this.address = address;
        this.stop = stop;
        this.readers = pool(address, "lookups", readerConnections, "set jit = off");
        this.writer = pool(address, "writer", WRITER_CONNECTIONS, WRITER_PLANS);
    }

    /** Opens the pools; starts the embedded PostgreSQL where none is configured and none runs. Does not migrate. */
    public static Databases open(Settings settings) {
        int readers = settings.number("atmirror.postgres.pool");
        Optional<String> url = settings.optional("atmirror.postgres.url");
        if (url.isPresent()) {
            return new Databases(address(url.get()), readers, () -> {});
        }
        Path folder = Path.of(settings.text("atmirror.data.dir")).toAbsolutePath();
        Optional<Integer> running = runningPort(folder.resolve("postgres"));
        if (running.isPresent()) {
            return new Databases(local(running.get()), readers, () -> {});
        }
        EmbeddedPostgres postgres = startEmbedded(folder);
        return new Databases(local(postgres.getPort()), readers, () -> close(postgres));
    }

    private static Address local(int port) {
        return new Address("jdbc:postgresql://localhost:" + port + "/postgres", "postgres", "");
    }

    private static void close(EmbeddedPostgres postgres) {
        try {
            postgres.close();
        } catch (IOException e) {
            LOG.warn("stopping the embedded PostgreSQL: {}", e.getMessage());
        }
    }

    static EmbeddedPostgres startEmbedded(Path folder) {
        try {
            Files.createDirectories(folder);
            return EmbeddedPostgres.builder()
                    .setDataDirectory(folder.resolve("postgres"))
                    .setOverrideWorkingDirectory(folder.resolve("postgres-program").toFile())
                    .setCleanDataDirectory(false)
                    .setLocaleConfig("locale", "C")
                    .setLocaleConfig("encoding", "UTF8")
                    .setPGStartupWait(Duration.ofMinutes(2))
                    // The library switches durability off, as fits tests; this is somebody's mirror.
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("full_page_writes", "on")
                    .setServerConfig("wal_compression", "on")
                    .setServerConfig("max_connections", "60")
                    .setServerConfig("shared_buffers", "512MB")
                    .setServerConfig("max_wal_size", "4GB")
                    .setServerConfig("checkpoint_timeout", "15min")
                    .setServerConfig("random_page_cost", "1.1")
                    .start();
        } catch (IOException e) {
            throw new IllegalStateException(
                    "the embedded PostgreSQL does not start: " + e.getMessage() + "; is the data folder " + folder
                            + " writable? Or set ATMIRROR_POSTGRES_URL to a database of yours",
                    e);
        }
    }

    /** The port of a server that already runs on this data folder: another command's, or one that outlived a crash. */
    private static Optional<Integer> runningPort(Path data) {
        Path pid = data.resolve("postmaster.pid");
        try {
            if (!Files.isRegularFile(pid)) {
                return Optional.empty();
            }
            List<String> lines = Files.readAllLines(pid);
            int port = Integer.parseInt(lines.get(3).strip()); // line 4, as PostgreSQL's pidfile.h says
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
                return Optional.of(port);
            }
        } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    /** Takes {@code jdbc:postgresql://…} and {@code postgres://user:pass@host:port/db}. */
    static Address address(String url) {
        if (url.startsWith("jdbc:postgresql:")) {
            return new Address(url, "", "");
        }
        URI uri = URI.create(url);
        if (uri.getScheme() == null || !uri.getScheme().matches("postgres(ql)?") || uri.getHost() == null) {
            throw new IllegalArgumentException("atmirror.postgres.url is neither jdbc:postgresql://… nor postgres://…");
        }
        String[] user = uri.getRawUserInfo() == null ? new String[0] : uri.getRawUserInfo().split(":", 2);
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return new Address(
                "jdbc:postgresql://" + uri.getHost() + port + uri.getRawPath() + query,
                user.length > 0 ? decode(user[0]) : "",
                user.length > 1 ? decode(user[1]) : "");
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static HikariDataSource pool(Address address, String name, int size, String init) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(address.jdbcUrl);
        if (!address.user.isEmpty()) {
            config.setUsername(address.user);
            config.setPassword(address.password);
        }
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(1);
        config.setConnectionInitSql(init);
        config.setConnectionTimeout(Duration.ofSeconds(10).toMillis());
        config.setInitializationFailTimeout(-1); // Construction does no I/O; who asks first learns that it is away.
        config.addDataSourceProperty("prepareThreshold", "2");
        config.addDataSourceProperty("ApplicationName", "at-mirror " + name);
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("socketTimeout", "300"); // seconds; a page takes a fraction of one
        return new HikariDataSource(config);
    }

    public Address address() {
        return address;
    }

    public HikariDataSource readers() {
        return readers;
    }

    public HikariDataSource writer() {
        return writer;
    }

    public Flyway flyway() {
        return Flyway.configure().dataSource(readers).cleanDisabled(false).load();
    }

    @Override
    public void close() {
        writer.close();
        readers.close();
        stop.run();
    }
}
