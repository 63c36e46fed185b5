package dev.atmirror.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.api.AccountLookup;
import dev.atmirror.identity.Pasted;
import dev.atmirror.store.SyncStatus;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lookup DID|HANDLE}: one account from the database, without asking anybody else. */
@Command(name = "lookup", description = "Show one account.", mixinStandardHelpOptions = true)
final class LookupCommand implements Callable<Integer> {
    private static final int COLUMN = 12;
    private static final Pattern PLC = Pattern.compile("did:plc:[a-z2-7]{24}");

    private final Program program;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DID|HANDLE")
    private String account;

    @Option(names = "--json", description = "JSON, as GET /info answers it.")
    private boolean json;

    LookupCommand(Program program) {
        this.program = program;
    }

    @Override
    public Integer call() {
        try (Program.Database database = program.database()) {
            AccountLookup lookup = database.lookup();
            Optional<String> normal = AccountLookup.normalise(account);
            if (normal.isEmpty()) {
                throw new ParameterException(spec.commandLine(), "neither a DID nor a handle: " + Pasted.shown(account));
            }
            database.schema().checkThere();
            Optional<JsonNode> found = lookup.find(normal.get()).map(JsonNode.class::cast);
            if (found.isEmpty()) {
                spec.commandLine().getErr().println("at-mirror: " + absent(normal.get(), database.status()));
                return 1;
            }
            print(found.get());
            return 0;
        }
    }

    private String absent(String normal, SyncStatus status) {
        if (normal.startsWith("did:plc:") && !PLC.matcher(normal).matches()) {
            throw new ParameterException(spec.commandLine(), "not a valid did:plc (24 of a-z and 2-7 behind the colon): " + Pasted.shown(normal));
        }
        boolean caughtUp = status.cursors().stream().anyMatch(cursor -> cursor.caughtUpAt().isPresent());
        return AccountLookup.absent(normal, "not found: ") + (caughtUp ? "" : "; this mirror has not caught up yet");
    }

    private void print(JsonNode found) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(found);
        } else {
            print(out, "", found);
        }
    }

    /** One line a field, those of an object indented below its name. */
    private static void print(PrintWriter out, String indent, JsonNode object) {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            JsonNode value = field.getValue();
            if (value.isObject() && !value.isEmpty()) {
                out.println(indent + field.getKey());
                print(out, indent + "  ", value);
            } else {
                out.printf("%s%-" + (COLUMN - indent.length()) + "s %s%n", indent, field.getKey(), HostTable.plain(words(value)));
            }
        }
    }

    private static String words(JsonNode value) {
        if (value.isNull() || value.isContainerNode() && value.isEmpty()) {
            return "-";
        }
        if (!value.isContainerNode()) {
            return value.asText();
        }
        return StreamSupport.stream(value.spliterator(), false).map(LookupCommand::words).collect(Collectors.joining(", "));
    }
}
