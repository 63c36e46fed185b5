package dev.atmirror.cli;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line: {@code ./at-mirror COMMAND}. Exit codes: 0 success, 1 failure, 2 usage error. */
@Command(
        name = "at-mirror",
        description = "A verified mirror of the AT Protocol's identity network.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = AtMirror.Version.class,
        subcommands = {
            RunCommand.class,
            BackfillCommand.class,
            DbCommand.class,
            PlcCommand.class,
            SnapshotCommand.class,
            LookupCommand.class,
            StatusCommand.class,
            SandboxCommand.class,
            CommandLine.HelpCommand.class
        },
        footer = {"", "Settings: config/application.properties, .env, environment (ATMIRROR_…)."})
public final class AtMirror implements Runnable {
    /** Whatever fails then fails of that. */
    private static final String STOPPED = "stopped by a signal before it had begun";

    private final Program program;

    @Spec
    private CommandSpec spec;

    AtMirror(Program program) {
        this.program = program;
    }

    /** Runs one command and returns the exit code. */
    public static int execute(Program program, String... arguments) {
        CommandLine line = line(program);
        line.setParameterExceptionHandler((failure, all) -> usageError(failure));
        line.setExecutionExceptionHandler((failure, command, result) -> {
            command.getErr().println("at-mirror: " + (Stop.isStopping() ? STOPPED : message(failure)));
            return failure instanceof UsageError ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
        });
        Stop.listen();
        try {
            return line.execute(arguments);
        } catch (LinkageError e) { // a class that cannot be had, or not any more, since the program is stopping
            line.getErr().println("at-mirror: " + (Stop.isStopping() ? STOPPED : "cannot load a part of the program: " + message(e)));
            return CommandLine.ExitCode.SOFTWARE;
        } finally {
            Stop.over();
        }
    }

    /** All commands with their options. */
    static CommandLine line(Program program) {
        return new CommandLine(new AtMirror(program), new Commands(program))
                .setCaseInsensitiveEnumValuesAllowed(true)
                // A handle may be written with its @, and a file of that name must not become arguments.
                .setExpandAtFiles(false);
    }

    private static int usageError(CommandLine.ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        String message = failure instanceof UnmatchedArgumentException unmatched
                ? unmatched(unmatched)
                : failure.getMessage().lines().findFirst().orElse("wrong usage");
        err.println("at-mirror: " + message + " (see "
                + command.getCommandSpec().qualifiedName() + " --help)");
        return CommandLine.ExitCode.USAGE;
    }

    /** Names what it might have been: picocli finds the near ones. */
    private static String unmatched(UnmatchedArgumentException failure) {
        String first = failure.getUnmatched().get(0);
        boolean group = !failure.getCommandLine().getSubcommands().isEmpty();
        String what = failure.isUnknownOption() ? "no such option: " : group ? "no such command: " : "one argument too many: ";
        List<String> near = failure.getSuggestions();
        return what + first + (near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?");
    }

    /** One line: the first cause says what to do, the rest is for the log. */
    static String message(Throwable failure) {
        String text = failure.getMessage();
        return text == null ? failure.getClass().getSimpleName() : text.lines().findFirst().orElse(text);
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing");
    }

    /** Hands the program to the commands that want it. */
    private record Commands(Program program) implements CommandLine.IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            for (var constructor : type.getDeclaredConstructors()) {
                if (constructor.getParameterCount() == 1 && constructor.getParameterTypes()[0] == Program.class) {
                    return type.cast(constructor.newInstance(program));
                }
            }
            return CommandLine.defaultFactory().create(type);
        }
    }

    /** {@code --version} */
    static final class Version implements CommandLine.IVersionProvider {
        private final Program program;

        Version(Program program) {
            this.program = program;
        }

        @Override
        public String[] getVersion() {
            return new String[] {"at-mirror " + program.version(), "Java " + Runtime.version()};
        }
    }
}
