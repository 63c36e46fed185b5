package dev.atmirror.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.identity.Json;
import dev.atmirror.store.Schema;
import dev.atmirror.store.SyncStatus;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code status}: where each stage stands, whether or not a mirror runs at the moment. */
@Command(
        name = "status",
        description = "Show where each stage stands: cursor, lag, counts, last answer, last error.",
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
    private final Program program;

    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "JSON, for programs.")
    private boolean json;

    StatusCommand(Program program) {
        this.program = program;
    }

    @Override
    public Integer call() {
        try (Program.Database database = program.database()) {
            if (database.schema().sizes().stream().allMatch(size -> size.bytes() == 0)) {
                spec.commandLine().getErr().println("at-mirror: the database is empty; `run` or `db migrate` creates the tables");
                return 1;
            }
            List<SyncStatus.Cursor> cursors = database.status().cursors();
            List<SyncStatus.Rejections> rejections = database.status().rejections();
            List<Schema.Size> sizes = database.schema().sizes();
            if (json) {
                printJson(cursors, rejections, sizes);
            } else {
                print(cursors, rejections, sizes);
            }
            return 0;
        }
    }

    private void print(List<SyncStatus.Cursor> cursors, List<SyncStatus.Rejections> rejections, List<Schema.Size> sizes) {
        PrintWriter out = spec.commandLine().getOut();
        Instant now = program.clock().instant();
        if (cursors.isEmpty()) {
            out.println("nothing read yet");
        }
        for (SyncStatus.Cursor cursor : cursors) {
            out.printf("%s from %s%n", cursor.stage(), cursor.host());
            out.printf("  cursor      %s%n", cursor.kind().equals("seq") ? "seq " + cursor.seq() : cursor.kind());
            out.printf("  newest      %s%n", moment(cursor.time(), now));
            out.printf(Locale.ROOT, "  operations  %,d%n", cursor.operations());
            out.printf("  caught up   %s%n", cursor.caughtUpAt().map(at -> moment(at, now)).orElse("not yet"));
            out.printf("  last answer %s%n", moment(cursor.polledAt(), now));
            cursor.lastError().ifPresent(error -> out.printf(
                    "  last error  %s, %s%n", error, cursor.lastErrorAt().map(at -> moment(at, now)).orElse("")));
        }
        out.println("rejected operations" + (rejections.isEmpty() ? ": none" : ""));
        for (SyncStatus.Rejections rejection : rejections) {
            out.printf(Locale.ROOT, "  %-22s %,d, last %s%n", rejection.reason(), rejection.operations(), moment(rejection.lastSeen(), now));
        }
        out.println("on disk");
        sizes.forEach(size -> out.printf(Locale.ROOT, "  %-22s %,d MB%n", size.name(), size.bytes() >> 20));
    }

    private static String moment(Instant at, Instant now) {
        if (at.equals(Instant.EPOCH)) {
            return "never";
        }
        return at.toString() + " (" + ProgressLog.shown(Duration.between(at, now)) + " ago)";
    }

    private void printJson(List<SyncStatus.Cursor> cursors, List<SyncStatus.Rejections> rejections, List<Schema.Size> sizes) {
        ObjectNode root = Json.MAPPER.createObjectNode();
        var stages = root.putArray("stages");
        for (SyncStatus.Cursor cursor : cursors) {
            ObjectNode stage = stages.addObject()
                    .put("stage", cursor.stage())
                    .put("host", cursor.host())
                    .put("cursor", cursor.kind())
                    .put("seq", cursor.seq())
                    .put("time", cursor.time().toString())
                    .put("operations", cursor.operations())
                    .put("lagSeconds", Duration.between(cursor.time(), program.clock().instant()).toSeconds())
                    .put("polledAt", cursor.polledAt().toString());
            stage.put("caughtUpAt", cursor.caughtUpAt().map(Instant::toString).orElse(null));
            stage.put("lastError", cursor.lastError().orElse(null));
            stage.put("lastErrorAt", cursor.lastErrorAt().map(Instant::toString).orElse(null));
        }
        ObjectNode rejected = root.putObject("rejected");
        rejections.forEach(rejection -> rejected.put(rejection.reason(), rejection.operations()));
        ObjectNode bytes = root.putObject("bytes");
        sizes.forEach(size -> bytes.put(size.name(), size.bytes()));
        spec.commandLine().getOut().println(Json.write(root));
    }
}
