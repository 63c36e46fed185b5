package dev.atmirror.sandbox;

import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small AT Protocol network that runs in this process: a PLC directory with a signed log in memory, made from a seed,
 * with live traffic and faults on demand; where the settings ask for it, hosts that the log's documents name, and a relay
 * that lists them. All answer as the reference servers do, and the directory under {@code /_sandbox} to orders (see
 * {@link Controls} and {@link NetworkControls}). All methods may be called from any thread.
 */
public final class Sandbox implements AutoCloseable {
    private static final double BEATS_PER_SECOND = 20; // a higher rate puts several operations into one beat
    private static final Logger LOG = LoggerFactory.getLogger(Sandbox.class);

    private final SandboxSettings settings;
    private final Network network;
    private final Directory directory;
    private final FaultBox faults = new FaultBox();
    private final SandboxServer server;
    private int port;
    private double owed;
    private boolean toldFull;

    private Sandbox(Vertx vertx, SandboxSettings settings, InstantSource clock) {
        this.settings = settings;
        this.network = Network.open(vertx, settings, clock);
        this.directory = new Directory(settings, clock, network.hosts());
        network.serve(directory.log());
        this.server = new SandboxServer(vertx, settings, clock, directory, faults);
        new Controls(this).addTo(server.router());
        new NetworkControls(network, directory, clock, vertx).addTo(server.router());
    }

    /**
     * Makes the log, which takes a second or two for 10,000 operations, and serves it.
     *
     * @param clock where the log ends, and what limits and windows go by
     * @throws IllegalStateException when it cannot listen
     */
    public static Sandbox start(SandboxSettings settings, InstantSource clock) {
        Vertx vertx = SandboxServer.vertx();
        Sandbox sandbox;
        try {
            sandbox = new Sandbox(vertx, settings, clock);
        } catch (IllegalStateException e) {
            SandboxServer.close(vertx);
            throw e;
        }
        sandbox.faults(settings.faults());
        sandbox.server.serveDirectory(settings, clock);
        try {
            sandbox.port = sandbox.server.listen(settings.host(), settings.port());
        } catch (IllegalStateException e) {
            sandbox.close();
            throw e;
        }
        sandbox.startTraffic();
        return sandbox;
    }

    private void startTraffic() {
        if (settings.rate() > 0) {
            double beats = Math.min(BEATS_PER_SECOND, settings.rate());
            double operations = settings.rate() / beats;
            server.every(Math.round(1_000 / beats), () -> beat(operations));
        }
    }

    /** On the event loop only. */
    private void beat(double operations) {
        owed += operations;
        int due = (int) owed;
        owed -= due;
        directory.grow(due);
        server.streams().advance();
        if (directory.log().isFull() && !toldFull) {
            toldFull = true;
            LOG.warn("the sandbox's log is full at {} operations; live traffic ends", SandboxLog.LIMIT);
        }
    }

    public int port() {
        return port;
    }

    /** Where it answers, without a slash at the end. */
    public URI uri() {
        return URI.create("http://" + settings.host() + ":" + port);
    }

    /** Where the hosts answer, by their indexes, dead ones included; none without a network. */
    public List<URI> hosts() {
        return network.hosts().all().stream().map(host -> URI.create(host.endpoint())).toList();
    }

    /** Where the relay answers; empty without a network. */
    public Optional<URI> relay() {
        return Optional.of(network.relay()).filter(relay -> !relay.isEmpty()).map(URI::create);
    }

    /** What is true of hosts and accounts, as JSON: the answer of {@code GET /_sandbox/summary}. */
    public String summary() {
        return new Summary(network).all().encode();
    }

    /** What the hosts were asked, as JSON: the answer of {@code GET /_sandbox/hosts}. */
    public String traffic() {
        return network.traffic().encode();
    }

    /** Begins to count anew what the hosts are asked. */
    public void forgetTraffic() {
        network.forgetTraffic();
    }

    /** The greatest sequence number. */
    public long head() {
        return directory.log().head();
    }

    /** How many operations stand in the log, invalid ones included. */
    public int size() {
        return directory.log().size();
    }

    /** The log as it stands, in the order of sequence numbers, invalid operations included. */
    public List<SandboxOperation> operations() {
        return directory.log().all();
    }

    /** How many streams are open. */
    public int streams() {
        return server.streams().count();
    }

    /** How many requests for pages came through limit and faults so far. */
    public long pages() {
        return server.pages();
    }

    /** Lets so many operations happen now, whatever the rate; fewer when the log becomes full. */
    public List<SandboxOperation> grow(int operations) {
        List<SandboxOperation> grown = directory.grow(operations);
        server.soon(server.streams()::advance);
        return grown;
    }

    /** Commits an operation whose createdAt lies so far behind the newest one; its sequence number is the greatest. */
    public SandboxOperation late(Duration behind) {
        SandboxOperation operation = directory.late(behind);
        server.soon(server.streams()::advance);
        return operation;
    }

    /** Says how often each of these faults is to happen from now on; 0 ends one. Others stay as they are. */
    public void faults(Map<Fault, Integer> times) {
        faults.set(times);
    }

    /** How often each fault is still to happen. */
    public Map<Fault, Integer> faults() {
        return faults.left();
    }

    /** Closes the open streams with code 1000 and this reason. */
    public void closeStreams(String reason) {
        server.soon(() -> server.streams().closeAll(reason));
    }

    @Override
    public void close() {
        server.close();
    }
}
