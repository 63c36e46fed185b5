package dev.atmirror.app;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.atmirror.store.LongSessions;
import dev.atmirror.store.SearchPath;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** The connections: to the database of the settings, or to an embedded PostgreSQL under the data folder. */
public final class Databases implements AutoCloseable {
    /** A plan made while a table was still empty would scan it for ever after; the writer's lookups all have an index. */
    private static final String WRITER_PLANS =
            "set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off; set jit = off";

    private static final int WRITER_CONNECTIONS = 4; // lease, verifying, laying out, storing
    private static final int CRAWLER_CONNECTIONS = 6; // statements take milliseconds

    /** A client waits for this one, and 503 says more than silence. */
    private static final Patience LOOKUP = new Patience(Duration.ofSeconds(2), Duration.ofSeconds(10));
    /** Nobody waits; a page takes a fraction of a second, but the statement that stores it must not be cut short. */
    private static final Patience WRITER = new Patience(Duration.ofSeconds(10), Duration.ofMinutes(5));

    /** Thousands of visits take turns, on a loaded machine for minutes; giving up would leave what they claimed until later. */
    private static final Patience CRAWLER = new Patience(Duration.ofMinutes(5), Duration.ofMinutes(5));

    /** How long to wait for a connection, and for the answer to a statement. */
    private record Patience(Duration connection, Duration answer) {}

    /** Where PostgreSQL listens. */
    public record Address(String jdbcUrl, String user, String password) {
        /** Host, port and name, without what may be secret. */
        String server() {
            return jdbcUrl.replaceFirst("^jdbc:postgresql:(//)?", "").replaceFirst("\\?.*$", "").replaceFirst("^[^/]*@", "");
        }
    }

    private final Address address;
    private final HikariDataSource readers;
    private final HikariDataSource writer;
    private final HikariDataSource crawler;
    private final Runnable stop;

    private Databases(Address address, int readerConnections, Runnable stop) {
        this.address = address;
        this.stop = stop;
        HikariConfig lookups = config(address, "lookups", LOOKUP);
        lookups.setMaximumPoolSize(readerConnections);
        lookups.setConnectionInitSql(SearchPath.SET + "; set jit = off");
        this.readers = new HikariDataSource(lookups);
        HikariConfig writing = config(address, "writer", WRITER);
        writing.setMaximumPoolSize(WRITER_CONNECTIONS);
        writing.setConnectionInitSql(SearchPath.SET + "; " + WRITER_PLANS);
        this.writer = new HikariDataSource(writing);
        HikariConfig crawling = config(address, "crawler", CRAWLER);
        crawling.setMaximumPoolSize(CRAWLER_CONNECTIONS);
        crawling.setConnectionInitSql(SearchPath.SET + "; " + WRITER_PLANS);
        this.crawler = new HikariDataSource(crawling);
    }

    /** Opens the pools; starts the embedded PostgreSQL where none is configured and none runs. Does not migrate. */
    public static Databases open(Settings settings) {
        int readers = settings.number("atmirror.postgres.pool");
        Optional<String> url = settings.optional("atmirror.postgres.url");
        if (url.isPresent()) {
            Address address = address(url.get());
            Connecting.check(address);
            return new Databases(address, readers, () -> {});
        }
        EmbeddedDatabase embedded = EmbeddedDatabase.open(settings.path("atmirror.data.dir"));
        return new Databases(embedded.address(), readers, embedded::close);
    }

    /** Takes {@code jdbc:postgresql://…} and {@code postgres://user:pass@host:port/db}. */
    static Address address(String url) {
        if (url.startsWith("jdbc:postgresql:")) {
            if (org.postgresql.Driver.parseURL(url, null) == null) {
                throw new IllegalArgumentException("is no address such as jdbc:postgresql://host:5432/db?user=name");
            }
            return new Address(url, "", "");
        }
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) { // whose message would show the password
            throw new IllegalArgumentException("is no address: " + e.getReason() + " at character "
                    + (e.getIndex() + 1) + "; write what is special in a password as %40 for @, %2F for /, %25 for %");
        }
        if (uri.getScheme() == null || !uri.getScheme().matches("postgres(ql)?") || uri.getHost() == null) {
            throw new IllegalArgumentException("is neither jdbc:postgresql://host/db nor"
                    + " postgres://user:pass@host:port/db; write what is special in a password as %40 for @, %2F for /");
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

    private static HikariConfig config(Address address, String name, Patience patience) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(address.jdbcUrl);
        if (!address.user.isEmpty()) {
            config.setUsername(address.user);
            config.setPassword(address.password);
        }
        config.setMinimumIdle(1);
        config.setConnectionTimeout(patience.connection.toMillis());
        config.setValidationTimeout(patience.connection.dividedBy(2).toMillis()); // time is left for another connection
        config.setInitializationFailTimeout(-1); // Construction does no I/O; who asks first learns that it is away.
        config.addDataSourceProperty("prepareThreshold", "2");
        config.addDataSourceProperty("ApplicationName", "at-mirror " + name);
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("socketTimeout", String.valueOf(patience.answer.toSeconds()));
        return config;
    }

    public Address address() {
        return address;
    }

    public HikariDataSource readers() {
        return readers;
    }

    /** For the stages that ask hosts. */
    public HikariDataSource crawler() {
        return crawler;
    }

    /** Connections that wait as long as it takes, for changes of the schema and for snapshots. */
    public DataSource schema() {
        PGSimpleDataSource plain = new LongSessions();
        plain.setUrl(address.jdbcUrl);
        plain.setApplicationName("at-mirror schema");
        plain.setTcpKeepAlive(true); // a snapshot's is silent for as long as its dumps take
        if (!address.user.isEmpty()) {
            plain.setUser(address.user);
            plain.setPassword(address.password);
        }
        return plain;
    }

    /** Ends the sessions that there are, each once it is not in use. */
    void renew() {
        for (HikariDataSource pool : List.of(readers, writer, crawler)) {
            pool.getHikariPoolMXBean().softEvictConnections();
        }
    }

    /** A connection that gives up soon, for whoever only asks whether the database answers. */
    DataSource watch() {
        PGSimpleDataSource plain = (PGSimpleDataSource) schema();
        plain.setApplicationName("at-mirror watch");
        int seconds = (int) DatabaseWatch.PATIENCE.toSeconds();
        plain.setConnectTimeout(seconds);
        plain.setLoginTimeout(seconds);
        plain.setSocketTimeout(seconds);
        return plain;
    }

    public HikariDataSource writer() {
        return writer;
    }

    @Override
    public void close() {
        try (crawler; writer; readers) {
            // closed in any case, and the server behind them
        } finally {
            stop.run();
        }
    }
}
