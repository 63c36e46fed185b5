package dev.atmirror.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;

/** The tables as a whole: created, emptied, dropped. Emptying and dropping are refused while another process writes. */
public final class Schema {
    /** What a user names, and the tables that this means. The log and its cursor go together, or the cursor would skip what was emptied. */
    private static final Map<String, List<String>> TABLES = tables();

    private static final String LOG = "plc_log_entries";
    private static final String ACCOUNTS = "account_infos";
    private static final String CURSORS = "sync_cursors";
    private static final String HOSTS = "pds_hosts";
    private static final String REPOS = "pds_repos";
    private static final String RECORDS = "recent_records";
    private static final String HANDLES = "handle_checks";

    /** What goes with a table: numbers that begin anew with the log, and accounts of hosts that are not there. */
    private static final Map<String, Set<String>> WITH =
            Map.of(LOG, Set.of(ACCOUNTS, CURSORS, RECORDS, HANDLES), HOSTS, Set.of(REPOS));

    private final DataSource database;

    public Schema(DataSource database) {
        this.database = database;
    }

    private static Map<String, List<String>> tables() {
        Map<String, List<String>> tables = new LinkedHashMap<>();
        tables.put(
                LOG,
                List.of(
                        "plc_operation",
                        "plc_odd_operation",
                        "plc_note",
                        "plc_account",
                        "plc_key_set",
                        "plc_pds",
                        "pds_endpoint",
                        "handle_name",
                        "handle_name_followed"));
        tables.put(ACCOUNTS, List.of("account_extra"));
        tables.put(CURSORS, List.of("sync_cursors"));
        tables.put(HOSTS, List.of("pds_hosts", "pds_operator", "pds_endpoint", "pds_stage_failure"));
        tables.put(REPOS, List.of("pds_repo", "pds_repo_failure"));
        tables.put(RECORDS, List.of("recent_record"));
        tables.put(HANDLES, List.of("handle_check", "handle_change", "handle_parent", "handle_tally"));
        tables.put("rejected_operations", List.of("rejected_operations"));
        return Map.copyOf(tables);
    }

    /** Names that {@link #clear} takes. */
    public static Set<String> names() {
        return new java.util.TreeSet<>(TABLES.keySet());
    }

    private Flyway flyway() {
        return Flyway.configure()
                .dataSource(database)
                .load();
    }

    /**
     * Applies what is pending. A read-only database is taken as it is where nothing is.
     *
     * @return number of migrations that were applied
     * @throws IllegalStateException for a read-only database that would have to be migrated
     */
    public int migrate() {
        try {
            if (ReadOnly.is(database)) {
                checkMigrated();
                return 0;
            }
            return flyway().migrate().migrationsExecuted;
        } catch (FlywayException e) {
            throw new StorageException("migrating the database", e);
        }
    }

    private void checkMigrated() {
        MigrationInfo[] pending = flyway().info().pending();
        if (pending.length > 0) {
            throw new IllegalStateException("the database is read-only and lacks the migrations from " + pending[0].getVersion()
                    + " on; run `./at-mirror db migrate` on the database that takes writes first");
        }
    }

    /** One migration. @param state as Flyway names it: Success, Pending… */
    public record Migration(String version, String description, String state) {}

    public List<Migration> migrations() {
        try {
            List<Migration> migrations = new ArrayList<>();
            for (MigrationInfo info : flyway().info().all()) {
                migrations.add(new Migration(
                        String.valueOf(info.getVersion()), info.getDescription(), info.getState().getDisplayName()));
            }
            return migrations;
        } catch (FlywayException e) {
            throw new StorageException("reading the migrations", e);
        }
    }

    /** The last migration that this program knows, as 002. */
    public String latest() {
        List<Migration> all = migrations();
        return all.get(all.size() - 1).version();
    }

    /** Drops everything in the mirror's schemas and creates it anew. @throws IllegalStateException while another process writes */
    public void reset() {
        whileNobodyWrites(() -> {
            try {
                Flyway.configure()
                        .dataSource(database)
                        .cleanDisabled(false)
                        .createSchemas(false)
                        .schemas(mainSchema(), SearchPath.INTERNAL)
                        .load()
                        .clean();
                flyway().migrate();
            } catch (FlywayException e) {
                throw new StorageException("resetting the database", e);
            }
        });
    }

    /** Where what users query is. */
    private String mainSchema() {
        try (Connection connection = database.getConnection()) {
            return connection.getSchema();
        } catch (SQLException e) {
            throw new StorageException("resetting the database", e);
        }
    }

    /**
     * Empties tables.
     *
     * @param names of {@link #names()}; none means all
     * @return the names whose tables were emptied
     * @throws IllegalArgumentException for an unknown name
     * @throws IllegalStateException while another process writes
     */
    public Set<String> clear(Collection<String> names) {
        Set<String> chosen = new LinkedHashSet<>(names.isEmpty() ? names() : names);
        chosen.stream().filter(name -> !TABLES.containsKey(name)).findFirst().ifPresent(unknown -> {
            throw new IllegalArgumentException("no such table: " + unknown + "; there are " + String.join(", ", names()));
        });
        WITH.forEach((name, others) -> {
            if (chosen.contains(name)) {
                chosen.addAll(others);
            }
        });
        List<String> work = new ArrayList<>();
        List<String> tables = chosen.stream().flatMap(name -> TABLES.get(name).stream()).distinct().toList();
        work.add("truncate " + String.join(", ", tables)); // names from the map above only
        consequences(chosen).forEach(file -> work.add(Sql.file(file)));
        whileNobodyWrites(() -> execute(chosen, work));
        return chosen;
    }

    /** What stays must not take for done what is gone: files of statements. */
    private static List<String> consequences(Set<String> chosen) {
        List<String> files = new ArrayList<>();
        if (chosen.contains(REPOS)) {
            files.add("schema/follow-again.sql");
            files.add("schema/list-again.sql");
        } else if (chosen.contains(ACCOUNTS)) {
            files.add("schema/describe-again.sql"); // and then the records, as describing says what there is
        } else if (chosen.contains(RECORDS)) {
            files.add("schema/fetch-again.sql");
        }
        if (chosen.contains(HANDLES)) {
            files.add("schema/check-again.sql");
        }
        return files;
    }

    private void execute(Set<String> chosen, List<String> work) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String sql : work) {
                statement.execute(sql);
            }
            connection.commit();
        } catch (SQLException e) {
            throw new StorageException("emptying " + chosen, e);
        }
    }

    private void whileNobodyWrites(Runnable work) {
        ReadOnly.refuse(database);
        try (WriterLease lease = new WriterLease(database)) {
            if (!lease.isHeld()) {
                throw new IllegalStateException("a mirror is running on this database; stop it first");
            }
            if (isCrawling()) {
                throw new IllegalStateException("a process is asking hosts of accounts or handles; stop it first"
                        + " (after a crash, its claims end within a minute)");
            }
            work.run();
        }
    }

    /** Whether a process that does not write the log asks hosts. */
    public boolean isCrawling() {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            try (ResultSet there = statement.executeQuery("select to_regclass('handle_parent') is not null")) {
                there.next();
                if (!there.getBoolean(1)) {
                    return false; // not migrated yet
                }
            }
            try (ResultSet rows = statement.executeQuery(Sql.file("schema/crawling.sql"))) {
                rows.next();
                return rows.getBoolean(1);
            }
        } catch (SQLException e) {
            throw new StorageException("looking for processes that ask hosts", e);
        }
    }

    /** @throws IllegalStateException for a database without tables */
    public void checkThere() {
        if (sizes().stream().allMatch(size -> size.bytes() == 0)) {
            throw new IllegalStateException("the database is empty; `run` or `db migrate` creates the tables");
        }
    }

    /** Bytes on disk and rows by the name that users know. */
    public record Size(String name, long bytes) {}

    /** Sizes with indexes, by the names of {@link #names()}; empty where nothing is migrated yet. */
    public List<Size> sizes() {
        List<Size> sizes = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(Sql.file("schema/size.sql"))) {
            for (String name : names()) {
                select.setObject(1, TABLES.get(name).toArray(String[]::new));
                try (ResultSet rows = select.executeQuery()) {
                    rows.next();
                    sizes.add(new Size(name, rows.getLong(1)));
                }
            }
            return sizes;
        } catch (SQLException e) {
            throw new StorageException("measuring tables", e);
        }
    }
}
