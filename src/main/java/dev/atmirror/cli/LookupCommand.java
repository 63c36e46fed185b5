package dev.atmirror.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.api.AccountLookup;
import dev.atmirror.identity.Pasted;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lookup DID|HANDLE}: one account from the database, without asking anybody else. */
@Command(name = "lookup", description = "Show one account.", mixinStandardHelpOptions = true)
final class LookupCommand implements Callable<Integer> {
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
            Optional<JsonNode> found = lookup.find(normal.get()).map(JsonNode.class::cast);
            if (found.isEmpty()) {
                spec.commandLine().getErr().println("at-mirror: " + AccountLookup.absent(normal.get(), "not found: "));
                return 1;
            }
            print(found.get());
            return 0;
        }
    }

    private void print(JsonNode found) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(found);
            return;
        }
        for (Map.Entry<String, JsonNode> field : found.properties()) {
            JsonNode value = field.getValue();
            String text = value.isTextual() ? value.textValue() : value.isNull() ? "-" : value.toString();
            out.printf("%-12s %s%n", field.getKey(), HostTable.plain(text));
        }
    }
}
