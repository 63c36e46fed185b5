package dev.atmirror.route;

import dev.atmirror.handle.HandleClaim;
import dev.atmirror.handle.HandleDns;
import dev.atmirror.handle.HandleVerdict;
import dev.atmirror.handle.LocalHandles;
import dev.atmirror.handle.WellKnown;
import dev.atmirror.net.FetchFailure;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Bean {@code handleChecks}: one handle from its claim to a verdict. The body is a {@link HandleTask}, kept as a property. */
public final class HandleChecks {
    private static final String TASK = "handleTask";
    private static final int TOO_MANY_REQUESTS = 429;
    private static final Duration LONGEST_TURN = Duration.ofMinutes(1); // twice what is given out ahead of a pace
    private static final Logger LOG = LoggerFactory.getLogger(HandleChecks.class);

    /**
     * Who is asked.
     *
     * @param dns for all handles, or for those that are not local
     * @param local handles of this machine
     * @param localDns whether name servers are asked for local ones, too
     * @param allowTest whether {@code .test} is a place for handles
     */
    public record Sources(HandleDns dns, LocalHandles local, boolean localDns, boolean allowTest) {}

    private final Sources sources;
    private final HandleRounds rounds;
    private final HandlePace pace;
    private final HandleMetrics metrics;

    public HandleChecks(Sources sources, HandleRounds rounds, HandlePace pace, HandleMetrics metrics) {
        this.sources = sources;
        this.rounds = rounds;
        this.pace = pace;
        this.metrics = metrics;
    }

    private static HandleTask task(Exchange exchange) {
        return exchange.getProperty(TASK, HandleTask.class);
    }

    private Optional<String> local(HandleTask task) {
        return sources.local().find(task.claimed().handle());
    }

    /** Takes up the handle in the body, and says what can be said without asking. */
    public void begin(Exchange exchange) {
        HandleTask task = exchange.getMessage().getBody(HandleTask.class);
        exchange.setProperty(TASK, task);
        Optional<HandleVerdict> unasked = HandleVerdict.unasked(task.claimed().handle(), sources.allowTest());
        unasked.ifPresent(task::decide);
        if (unasked.isEmpty() && (HandleBatch.of(exchange).filter(rounds::isToStop).isPresent() || pace.isPaused(task.claimed()))) {
            task.later();
        } else if (local(task).isPresent() && !sources.localDns()) {
            task.dnsSays(new HandleClaim.Nothing("DNS is not asked"));
        }
    }

    /** Whether name servers are to be asked. */
    public boolean wantsDns(Exchange exchange) {
        HandleTask task = task(exchange);
        boolean wants = !task.isDecided() && task.dns() instanceof HandleClaim.NoAnswer;
        if (wants && pace.isDnsPaused()) {
            task.later();
        }
        return wants && !task.isDecided();
    }

    public void askDns(Exchange exchange) {
        HandleTask task = task(exchange);
        HandleClaim claim = sources.dns().find(task.claimed().handle());
        if (claim instanceof HandleClaim.NoAnswer && pace.isDnsPaused()) { // that is no failure of the handle
            metrics.lookup("dns", "throttled");
            task.later();
            return;
        }
        metrics.lookup("dns", outcome(claim));
        task.dnsSays(claim);
    }

    /** Whether the handle's own host is to be asked, and may be at present. */
    public boolean wantsWellKnown(Exchange exchange) {
        HandleTask task = task(exchange);
        if (!task.isDecided() && pace.isPaused(task.claimed())) {
            task.later();
        }
        return !task.isDecided();
    }

    /** Takes a request from the budget of the host. @return milliseconds to wait first */
    public long pace(Exchange exchange) {
        HandleTask task = task(exchange);
        if (pace.isPaused(task.claimed())) {
            task.later();
            return 0;
        }
        Duration wait = pace.take(task.claimed());
        if (wait.compareTo(LONGEST_TURN) > 0) { // the host has just asked for more time than anybody waits
            task.later();
            return 0;
        }
        return wait.toMillis();
    }

    /** Says where to. */
    public void address(Exchange exchange) {
        HandleTask task = task(exchange);
        Optional<String> local = local(task);
        exchange.getMessage().setBody(null);
        exchange.getMessage().setHeader(Exchange.HTTP_METHOD, "GET");
        exchange.getMessage().setHeader(
                Exchange.HTTP_URI, local.orElse("https://" + task.claimed().handle()) + WellKnown.PATH);
        // Elsewhere the client says it itself, also behind a redirect to another host.
        local.ifPresent(host -> exchange.getMessage().setHeader("Host", task.claimed().handle()));
    }

    /** Takes what the host says. */
    public void read(Exchange exchange) throws IOException {
        HandleTask task = task(exchange);
        if (task.hasHeardTheHost()) {
            return; // The request failed, which is an answer, too.
        }
        int status = exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, 0, Integer.class);
        pace.answered(task.claimed(), status, PdsHttp.headers(exchange.getMessage()));
        byte[] body;
        try (InputStream in = exchange.getMessage().getBody(InputStream.class)) {
            body = in == null ? new byte[0] : in.readAllBytes(); // bounded by handleHttp
        }
        exchange.getMessage().setBody(null); // what was read is no body for the steps behind
        if (status == TOO_MANY_REQUESTS) {
            metrics.lookup("well-known", "throttled");
            task.later();
        } else {
            says(task, WellKnown.claim(status, body));
        }
    }

    private void says(HandleTask task, HandleClaim claim) {
        metrics.lookup("well-known", outcome(claim));
        task.wellKnownSays(claim);
    }

    private static String outcome(HandleClaim claim) {
        if (claim instanceof HandleClaim.Names) {
            return "names";
        } else if (claim instanceof HandleClaim.Several) {
            return "conflicting";
        }
        return claim instanceof HandleClaim.Nothing ? "nothing" : "no_answer";
    }

    /** There was no answer, or none that one would read to its end. */
    public void failed(Exchange exchange) {
        HandleTask task = task(exchange);
        exchange.getMessage().setBody(null);
        FetchFailure failure = FetchFailure.of(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class));
        LOG.debug("{}: {}", task.claimed().handle(), failure.message());
        switch (failure.kind()) {
            case BUSY -> task.later();
            case TOO_LARGE -> says(task, WellKnown.tooLarge());
            case UNKNOWN_HOST -> says(task, withoutAddress(task, failure));
            default -> says(task, new HandleClaim.NoAnswer("well-known: " + failure.message()));
        }
    }

    /** The system's names do not tell "no such name" from "no answer". */
    private HandleClaim withoutAddress(HandleTask task, FetchFailure failure) {
        return task.dns() instanceof HandleClaim.Nothing && sources.dns().isWithoutAddress(task.claimed().handle())
                ? new HandleClaim.Nothing("the name has no address")
                : new HandleClaim.NoAnswer("well-known: " + failure.message());
    }

    /** Comes to a verdict. */
    public void judge(Exchange exchange) {
        HandleTask task = task(exchange);
        task.decide();
        metrics.checked(task.verdict().map(verdict -> verdict.result().toString()).orElse("later"));
    }
}
