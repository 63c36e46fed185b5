package dev.atmirror.cli;

import dev.atmirror.snapshot.SnapshotRun;
import dev.atmirror.store.Schema;
import java.io.Console;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code db migrate|status|reset|clear}: schema and data. What destroys asks first. */
@Command(
        name = "db",
        description = "Schema and data: migrate, status, reset, clear.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
final class DbCommand implements Runnable {
    private final Program program;

    @Spec
    private CommandSpec spec;

    DbCommand(Program program) {
        this.program = program;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing: migrate, status, reset or clear");
    }

    @Command(description = "Create or update the tables.", mixinStandardHelpOptions = true)
    int migrate() {
        try (Program.Database database = program.database()) {
            int applied = database.schema().migrate();
            out().println(applied == 0 ? "up to date" : applied + " migrations applied");
        }
        return 0;
    }

    @Command(description = "Show the migrations and the size of the tables.", mixinStandardHelpOptions = true)
    int status() {
        try (Program.Database database = program.database()) {
            for (Schema.Migration migration : database.schema().migrations()) {
                out().printf("%-8s %-30s %s%n", migration.version(), migration.description(), migration.state());
            }
            out().println();
            for (Schema.Size size : database.schema().sizes()) {
                out().printf("%-22s %12s%n", size.name(), SnapshotRun.bytes(size.bytes()));
            }
        }
        return 0;
    }

    @Command(description = "Drop everything and create the tables anew.", mixinStandardHelpOptions = true)
    int reset(@Option(names = {"-y", "--yes"}, description = "Do not ask.") boolean yes) {
        if (!agreed(yes, "drop all data of this mirror")) {
            return 1;
        }
        try (Program.Database database = program.database()) {
            database.schema().reset();
            out().println("reset");
        }
        return 0;
    }

    @Command(description = "Empty tables. The log takes its cursor and what hosts said of accounts with it, the"
            + " hosts their accounts.", mixinStandardHelpOptions = true)
    int clear(
            @Option(
                            names = "--tables",
                            split = ",",
                            paramLabel = "TABLE",
                            description = "plc_log_entries, account_infos, sync_cursors, rejected_operations, pds_hosts, pds_repos,"
                                    + " recent_records; all without this.")
                    List<String> tables,
            @Option(names = {"-y", "--yes"}, description = "Do not ask.") boolean yes) {
        List<String> chosen = Optional.ofNullable(tables).orElseGet(ArrayList::new);
        for (String table : chosen) {
            if (!Schema.names().contains(table)) {
                throw new ParameterException(
                        spec.subcommands().get("clear"),
                        "no such table: " + table + "; there are " + String.join(", ", Schema.names()));
            }
        }
        if (!agreed(yes, "empty " + (chosen.isEmpty() ? "all tables" : String.join(", ", chosen)))) {
            return 1;
        }
        try (Program.Database database = program.database()) {
            out().println("emptied " + String.join(", ", database.schema().clear(chosen)));
        }
        return 0;
    }

    private boolean agreed(boolean yes, String what) {
        if (yes) {
            return true;
        }
        Console console = System.console();
        String answer = console == null ? null : console.readLine("This will %s. Type yes to go on: ", what);
        if ("yes".equals(answer)) {
            return true;
        }
        spec.commandLine().getErr().println(
                console == null ? "at-mirror: this would " + what + "; say --yes where nobody can be asked" : "nothing done");
        return false;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
