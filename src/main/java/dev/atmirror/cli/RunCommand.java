package dev.atmirror.cli;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;

/** {@code run}: the main job. Ends by Ctrl-C or SIGTERM only. */
@Command(
        name = "run",
        description = "Keep the mirror in sync on its schedules and serve the API.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    private final Program program;

    RunCommand(Program program) {
        this.program = program;
    }

    @Override
    public Integer call() throws InterruptedException {
        Program.Mirroring mirroring = program.run();
        Stop.onSignal(mirroring::close);
        try (ProgressLog progress = new ProgressLog(program, mirroring)) {
            progress.whileBehind();
            new CountDownLatch(1).await();
        }
        return 0;
    }
}
