package dev.atmirror.app;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Properties;
import java.util.TimeZone;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first connection to a database, made before anything else uses it. It settles the one thing that the driver sends
 * unasked: the time zone of the JVM, which a server may not know (it has its own list, and some systems come without).
 */
final class Connecting {
    private static final Logger LOG = LoggerFactory.getLogger(Connecting.class);
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final Duration STARTING_WAIT = Duration.ofMinutes(1);
    private static final Duration ASK_AGAIN = Duration.ofMillis(500);
    private static final String CANNOT_CONNECT_NOW = "57P03"; // it starts, recovers or stops
    private static final String AUTHORIZATION = "28"; // class of the states about users and passwords
    private static final String NO_DATABASE = "3D000";
    private static final String INVALID_PARAMETER = "22023"; // invalid_parameter_value
    private static final String ANY_SERVER_KNOWS = "UTC";

    private Connecting() {}

    /**
     * Connects once, within seconds. A time zone that the server does not know is given up for one that it knows, in the
     * whole program: every pool would send it again.
     */
    static Connection once(Databases.Address address) throws SQLException {
        try {
            return connect(address);
        } catch (SQLException e) {
            if (!isAboutTimeZone(e)) {
                throw e;
            }
            return afterChangingTimeZone(address, TimeZone.getDefault().getID());
        }
    }

    /**
     * Connects to the database of the settings, so that a wrong host, name or password is known at once. One that is still
     * starting is waited for.
     *
     * @throws IllegalStateException which names the server and the setting, and never the password
     */
    static void check(Databases.Address address) {
        Instant end = Instant.now().plus(STARTING_WAIT);
        while (true) {
            try (Connection connection = once(address)) {
                LOG.debug("connected to {}", connection.getMetaData().getURL());
                return;
            } catch (SQLException e) {
                if (!CANNOT_CONNECT_NOW.equals(e.getSQLState()) || Instant.now().isAfter(end)) {
                    throw new IllegalStateException(reason(address, e) + " (ATMIRROR_POSTGRES_URL, atmirror.postgres.url)", e);
                }
            }
            try {
                Thread.sleep(ASK_AGAIN.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while the database starts", e);
            }
        }
    }

    private static String reason(Databases.Address address, SQLException failure) {
        String server = "the database at " + address.server();
        String state = Optional.ofNullable(failure.getSQLState()).orElse("");
        String said = String.valueOf(failure.getMessage()).lines().findFirst().orElse("").replaceFirst("^FATAL: ", "");
        if (state.startsWith(AUTHORIZATION)) {
            return server + " refuses this user or password: " + said;
        }
        if (state.equals(NO_DATABASE)) {
            return server + " lacks the database, which must be created first: " + said;
        }
        Throwable cause = failure.getCause();
        if (cause instanceof UnknownHostException) {
            return server + " cannot be reached: its host name is not known";
        }
        if (cause instanceof ConnectException) {
            return server + " cannot be reached: nothing listens there";
        }
        if (cause instanceof SocketTimeoutException) {
            return server + " does not answer within " + CONNECT.toSeconds() + " s";
        }
        return server + " cannot be used: " + said;
    }

    private static Connection afterChangingTimeZone(Databases.Address address, String unknown) throws SQLException {
        String longName = Optional.ofNullable(ZoneId.SHORT_IDS.get(unknown)).filter(name -> name.contains("/")).orElse(ANY_SERVER_KNOWS);
        TimeZone.setDefault(TimeZone.getTimeZone(longName));
        try {
            Connection connection = connect(address);
            LOG.warn("the database does not know the time zone {} of this machine; log and schedules go by {} now", unknown, longName);
            return connection;
        } catch (SQLException e) {
            if (isAboutTimeZone(e) && !longName.equals(ANY_SERVER_KNOWS)) {
                return afterChangingTimeZone(address, ANY_SERVER_KNOWS);
            }
            throw e;
        }
    }

    private static boolean isAboutTimeZone(SQLException failure) {
        return INVALID_PARAMETER.equals(failure.getSQLState())
                && String.valueOf(failure.getMessage()).contains("TimeZone");
    }

    private static Connection connect(Databases.Address address) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("ApplicationName", "at-mirror start");
        properties.setProperty("connectTimeout", String.valueOf(CONNECT.toSeconds()));
        properties.setProperty("socketTimeout", String.valueOf(ANSWER.toSeconds()));
        if (!address.user().isEmpty()) {
            properties.setProperty("user", address.user());
            properties.setProperty("password", address.password());
        }
        return DriverManager.getConnection(address.jdbcUrl(), properties);
    }
}
