package dev.atmirror.cli;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;

/** {@code run}: the main job. Ends by Ctrl-C or SIGTERM only. */
@Command(
        name = "run",
        description = "Keep the mirror in sync on its schedules and serve the API.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

    private final Program program;

    RunCommand(Program program) {
        this.program = program;
    }

    @Override
    public Integer call() throws InterruptedException {
        Program.Mirroring mirroring = program.run();
        try (ProgressLog progress = new ProgressLog(program, mirroring)) {
            Stop.onSignal(() -> {
                progress.quiet();
                mirroring.close();
                LOG.info("the next start goes on behind {}", mirroring.stored());
            });
            progress.whileBehind();
            new CountDownLatch(1).await();
        }
        return 0;
    }
}
