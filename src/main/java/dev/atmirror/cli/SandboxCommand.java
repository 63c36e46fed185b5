package dev.atmirror.cli;

import dev.atmirror.sandbox.Sandbox;
import dev.atmirror.sandbox.SandboxSettings;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sandbox}: a PLC directory on localhost, until Ctrl-C. */
@Command(
        name = "sandbox",
        description = "Run a small PLC directory on localhost, with live traffic and the odd cases of the protocol.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class SandboxCommand implements Callable<Integer> {
    private final Program program;

    @Spec
    private CommandSpec spec;

    @Option(names = "--port", description = "Port to listen on; 0 for any free one.", defaultValue = "2582")
    private int port;

    @Option(names = "--host", description = "Address to listen on.", defaultValue = "127.0.0.1")
    private String host;

    @Option(names = "--operations", paramLabel = "N", description = "Operations in the log at the start.", defaultValue = "5000")
    private int operations;

    @Option(names = "--rate", paramLabel = "N", description = "Live operations per second; 0 for none.", defaultValue = "5")
    private double rate;

    @Option(names = "--seed", paramLabel = "N", description = "The same seed makes the same log.", defaultValue = "1")
    private long seed;

    @Option(
            names = "--invalid-every",
            paramLabel = "N",
            description = "One operation in so many is invalid; 0 for none.",
            defaultValue = "1000")
    private int invalidEvery;

    @Option(names = "--no-sequences", description = "Play a directory from before sequence numbers: timestamps only, no stream.")
    private boolean withoutSequences;

    @Option(names = "--no-limit", description = "No limit on requests; the public directory's is 500 in 300 s.")
    private boolean withoutLimit;

    SandboxCommand(Program program) {
        this.program = program;
    }

    @Override
    public Integer call() throws InterruptedException {
        SandboxSettings settings = settings();
        try (Sandbox sandbox = Sandbox.start(settings, program.clock())) {
            Stop.onSignal(sandbox::close);
            PrintWriter out = spec.commandLine().getOut();
            out.printf("PLC directory with %d operations on %s%n", sandbox.size(), sandbox.uri());
            out.printf("mirror it: ATMIRROR_PLC_UPSTREAM=%s ATMIRROR_DATA_DIR=data/sandbox ./at-mirror run%n", sandbox.uri());
            out.flush();
            new CountDownLatch(1).await();
        }
        return 0;
    }

    private SandboxSettings settings() {
        try {
            SandboxSettings.Builder builder = SandboxSettings.builder()
                    .host(host)
                    .port(port)
                    .operations(operations)
                    .rate(rate)
                    .seed(seed)
                    .invalidEvery(invalidEvery)
                    .sequences(!withoutSequences);
            return (withoutLimit ? builder.requestLimit(0) : builder).build();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
