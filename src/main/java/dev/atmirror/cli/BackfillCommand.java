package dev.atmirror.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code backfill STAGE}: one stage to its end. */
@Command(
        name = "backfill",
        description = "Bring one stage up to date, then exit.",
        synopsisSubcommandLabel = "STAGE",
        mixinStandardHelpOptions = true,
        subcommands = {
            BackfillCommand.PlcLogs.class,
            CrawlCommands.PdsHosts.class,
            CrawlCommands.PdsAccounts.class,
            CrawlCommands.DescribeRepo.class,
            CrawlCommands.RecentRecords.class,
            CrawlCommands.Handles.class
        })
final class BackfillCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a stage is missing");
    }

    /** {@code backfill plc-logs} */
    @Command(
            name = "plc-logs",
            description = "Bring the operation log up to the upstream's head, then exit. Interrupted, the next start goes on.",
            mixinStandardHelpOptions = true)
    static final class PlcLogs implements Callable<Integer> {
        private final Program program;

        @Option(
                names = "--from",
                paramLabel = "CURSOR",
                description = "Begin behind this sequence number or ISO 8601 time instead of the stored cursor."
                        + " What is stored already is not stored again.")
        private Optional<String> from;

        PlcLogs(Program program) {
            this.program = program;
        }

        @Override
        public Integer call() throws InterruptedException {
            Program.Mirroring mirroring = program.backfillLog(from);
            try (mirroring;
                    ProgressLog progress = new ProgressLog(program, mirroring)) {
                Stop.onSignal(progress::interrupt);
                progress.whileBehind();
            }
            return 0;
        }
    }
}
