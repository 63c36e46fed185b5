package dev.atmirror.cli;

import dev.atmirror.sandbox.NetworkSettings;
import dev.atmirror.sandbox.Sandbox;
import dev.atmirror.sandbox.SandboxSettings;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sandbox}: a small network on localhost, until Ctrl-C. */
@Command(
        name = "sandbox",
        description = {
            "Run a small AT Protocol network on localhost: a PLC directory, PDS hosts and a relay's list of them, with live"
                    + " traffic and the odd cases of the protocol.",
            "",
            "GET /_sandbox/summary on the directory says what is true of every host and account, GET /_sandbox/hosts what"
                    + " was asked of the hosts and whether their limits were kept.",
            ""
        },
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class SandboxCommand implements Callable<Integer> {
    private final Program program;

    @Spec
    private CommandSpec spec;

    @Option(names = "--port", description = "Port of the directory; 0 for any free one.", defaultValue = "2582")
    private int port;

    @Option(names = "--host", description = "Address to listen on.", defaultValue = "127.0.0.1")
    private String host;

    @Option(
            names = "--operations",
            paramLabel = "N",
            description = "Operations in the log at the start, the hosts' first accounts aside.",
            defaultValue = "5000")
    private int operations;

    @Option(names = "--rate", paramLabel = "N", description = "Live operations per second; 0 for none.", defaultValue = "5")
    private double rate;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "The same seed makes the same log, on the same ports.",
            defaultValue = "1")
    private long seed;

    @Option(
            names = "--invalid-every",
            paramLabel = "N",
            description = "One operation in so many is invalid; 0 for none.",
            defaultValue = "1000")
    private int invalidEvery;

    @Option(names = "--no-sequences", description = "Play a directory from before sequence numbers: timestamps only, no stream.")
    private boolean withoutSequences;

    @Option(names = "--no-limit", description = "No limit on requests to the directory; the public one's is 500 in 300 s.")
    private boolean withoutLimit;

    @Option(
            names = "--pds",
            paramLabel = "N",
            description = "PDS hosts, each on a port of its own; 0 for the directory alone.",
            defaultValue = "4")
    private int pds;

    @Option(
            names = "--accounts-per-pds",
            paramLabel = "N",
            description = "Accounts of each host at the start, the first of them special: taken down, moved, and so on.",
            defaultValue = "40")
    private int accounts;

    @Option(
            names = "--dead-percent",
            paramLabel = "P",
            description = "Of the hosts so many, rounded up, do not listen.",
            defaultValue = "0")
    private double deadPercent;

    @Option(
            names = "--slow-percent",
            paramLabel = "P",
            description = "Of the hosts so many, rounded up, answer late.",
            defaultValue = "0")
    private double slowPercent;

    @Option(
            names = "--slow-millis",
            paramLabel = "N",
            description = "How late slow hosts answer.",
            defaultValue = "3000")
    private long slowMillis;

    @Option(
            names = "--lying",
            paramLabel = "N",
            description = "Hosts besides that lie or break, each in its way: endless lists, huge bodies, redirects…",
            defaultValue = "0")
    private int lying;

    @Option(
            names = "--rate-limit",
            paramLabel = "N",
            description = "Requests that each host takes in a window of time; 0 for no limit.",
            defaultValue = "3000")
    private int rateLimit;

    @Option(
            names = "--rate-window",
            paramLabel = "S",
            description = "The hosts' window, in seconds.",
            defaultValue = "300")
    private long rateWindow;

    @Option(
            names = "--pds-port",
            paramLabel = "PORT",
            description = "Port of the first host, the others follow; 0 for any free ones.",
            defaultValue = "2583")
    private int pdsPort;

    @Option(
            names = "--relay-port",
            paramLabel = "PORT",
            description = "Port of the relay; 0 for any free one.",
            defaultValue = "2581")
    private int relayPort;

    SandboxCommand(Program program) {
        this.program = program;
    }

    @Override
    public Integer call() throws InterruptedException {
        refuseIdle(pds + lying == 0, "a directory alone (--pds 0)", "--accounts-per-pds", "--dead-percent", "--slow-percent",
                "--slow-millis", "--rate-limit", "--rate-window", "--pds-port", "--relay-port");
        refuseIdle(slowPercent == 0, "no slow hosts (--slow-percent)", "--slow-millis");
        refuseIdle(rateLimit == 0, "no limit (--rate-limit 0)", "--rate-window");
        SandboxSettings settings = settings();
        try (Sandbox sandbox = Sandbox.start(settings, program.clock())) {
            Stop.onSignal(sandbox::close);
            PrintWriter out = spec.commandLine().getOut();
            greet(out, sandbox);
            out.flush();
            new CountDownLatch(1).await();
        }
        return 0;
    }

    /** An option that would change nothing is a mistake of whoever gave it. */
    private void refuseIdle(boolean idle, String with, String... options) {
        for (String option : options) {
            if (idle && spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw new ParameterException(spec.commandLine(), option + " does nothing with " + with);
            }
        }
    }

    private static void greet(PrintWriter out, Sandbox sandbox) {
        out.printf("PLC directory with %d operations on %s%n", sandbox.size(), sandbox.uri());
        List<URI> hosts = sandbox.hosts();
        if (!hosts.isEmpty()) {
            out.printf("%d PDS hosts from %s to %s%n", hosts.size(), hosts.get(0), hosts.get(hosts.size() - 1));
            out.printf("relay on %s%n", sandbox.relay().orElseThrow());
            out.printf("handles checked by: ATMIRROR_HANDLES_LOCAL=test=127.0.0.1:%d%n", sandbox.relay().orElseThrow().getPort());
            out.printf("what is true of them: %s/_sandbox/summary%n", sandbox.uri());
        }
        out.printf(
                "mirror it: ATMIRROR_PLC_UPSTREAM=%s ATMIRROR_NET_ALLOW_PRIVATE=true ATMIRROR_DATA_DIR=data/sandbox ./at-mirror run%n",
                sandbox.uri());
    }

    private NetworkSettings network() {
        return NetworkSettings.builder()
                .pds(pds)
                .accounts(accounts)
                .deadPercent(deadPercent)
                .slowPercent(slowPercent)
                .slowness(Duration.ofMillis(slowMillis))
                .lying(lying)
                .rateLimit(rateLimit)
                .rateWindow(Duration.ofSeconds(rateWindow))
                .pdsPort(pdsPort)
                .relayPort(relayPort)
                .build();
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
                    .sequences(!withoutSequences)
                    .network(network());
            return (withoutLimit ? builder.requestLimit(0) : builder).build();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
