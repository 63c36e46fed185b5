package dev.atmirror.snapshot;

import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.postgresql.Driver;

/** Where the server is, for PostgreSQL's own programs: by the environment, as everybody can read command lines. */
public record ServerAddress(String jdbcUrl, String user, String password) {
    private static final Map<String, String> NAMES = Map.of(
            "PGHOST", "PGHOST",
            "PGPORT", "PGPORT",
            "PGDBNAME", "PGDATABASE",
            "user", "PGUSER",
            "password", "PGPASSWORD",
            "sslmode", "PGSSLMODE",
            "sslrootcert", "PGSSLROOTCERT");

    /** Makes an environment lead to the server, and to no other that the user's own settings name. */
    void into(Map<String, String> environment) {
        environment.keySet().removeIf(name -> name.startsWith("PG") && !name.equals("PGPASSFILE"));
        environment.putAll(variables());
        environment.put("PGAPPNAME", "at-mirror pg_dump"); // by this beginning the embedded server knows that it is in use
        environment.put("PGCLIENTENCODING", "UTF8");
        environment.put("LC_ALL", "C"); // messages that a log can hold
    }

    private Map<String, String> variables() {
        Properties parsed = Driver.parseURL(jdbcUrl, null);
        if (parsed == null) {
            throw new SnapshotFailure("atmirror.postgres.url is no address that pg_dump understands");
        }
        Map<String, String> variables = new TreeMap<>();
        NAMES.forEach((ours, theirs) -> {
            String value = parsed.getProperty(ours);
            if (value != null && !value.isEmpty()) {
                variables.put(theirs, value);
            }
        });
        if (!user.isEmpty()) {
            variables.put("PGUSER", user);
        }
        if (!password.isEmpty()) {
            variables.put("PGPASSWORD", password);
        }
        return variables;
    }

    @Override
    public String toString() {
        return "server of user " + user; // no password in a log
    }
}
