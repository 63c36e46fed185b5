package dev.atmirror.route;

import dev.atmirror.net.FetchFailure;
import dev.atmirror.net.HostBudget;
import dev.atmirror.pds.Fingerprint;
import dev.atmirror.pds.HostAnswer;
import dev.atmirror.pds.HostList;
import dev.atmirror.pds.MalformedAnswer;
import dev.atmirror.pds.PagedReading;
import dev.atmirror.store.CrawlSums;
import dev.atmirror.store.StorageFailure;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.util.ObjectHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bean {@code relayList}: the hosts that a relay knows, page by page, at the pace of any host. A reading takes turns with the
 * checks of the hosts that are known: where it takes long, it goes on in the next round.
 */
public final class RelayList {
    private static final Duration EVERY = Duration.ofHours(1); // thousands of hosts, of which a few are new in a day
    private static final Duration TURN = Duration.ofMinutes(1); // then the hosts that are known are checked meanwhile
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(20); // a relay that asks for more gets it, but nobody waits
    private static final PagedReading.Bounds BOUNDS = new PagedReading.Bounds(2_000, 20);
    private static final int MOST_HOSTS = 100_000; // 16,000 are named today
    private static final Logger LOG = LoggerFactory.getLogger(RelayList.class);

    private final Optional<String> relay;
    private final NamedHosts named;
    private final HostBudget budget;
    private final InstantSource clock;
    private volatile Optional<PagedReading> reading = Optional.empty();
    private Optional<PagedReading> unstored = Optional.empty(); // the reading as it was before a page that is not stored yet
    private final Set<Long> seen = new HashSet<>(); // fingerprints of this reading's hosts
    private int refused;
    private String refusedFirst = "";
    private Instant due = Instant.MIN;
    private Instant turnEnds = Instant.MIN;
    private boolean interrupted; // this turn, by a failure on our side
    private volatile boolean news;
    private Optional<Instant> answeredAt = Optional.empty();
    private Optional<String> error = Optional.empty(); // the last one, which stays when the relay answers again
    private Optional<Instant> errorAt = Optional.empty();
    private boolean failing;

    /** @param relay its address; empty asks none @param budget by whose pace it is asked, like any host */
    public RelayList(Optional<String> relay, HostFinder.Sources sources, HostBudget budget, InstantSource clock) {
        this.relay = relay;
        this.named = sources.named();
        this.budget = budget;
        this.clock = clock;
    }

    /** Begins the list anew, now and then, or goes on with it: what fails is not repeated at once, either. */
    public void begin() {
        Instant now = clock.instant();
        turnEnds = now.plus(TURN);
        interrupted = false;
        if (reading.isEmpty() && relay.isPresent() && !now.isBefore(due)) {
            due = now.plus(EVERY);
            reading = Optional.of(PagedReading.fromTheBeginning(BOUNDS));
            seen.clear();
            refused = 0;
        }
    }

    /** Whether the relay is to be asked for a page now. */
    public boolean wantsMore() {
        return reading.isPresent()
                && clock.instant().isBefore(turnEnds)
                && budget.pausedFor(key()).compareTo(LONGEST_WAIT) <= 0;
    }

    /** Whether a list was begun that later rounds go on with. */
    public boolean isUnderWay() {
        return reading.isPresent();
    }

    /** Takes a request from the relay's budget. @return milliseconds to wait first */
    public long pace() {
        unstored = Optional.empty();
        return budget.take(key()).toMillis();
    }

    private String key() {
        return relay.flatMap(named::url).map(Object::toString).or(() -> relay).orElse("");
    }

    /** The query of the next page. */
    public String query() {
        return "limit=1000" + reading.flatMap(PagedReading::cursor)
                .map(cursor -> "&cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8))
                .orElse("");
    }

    /** Replaces the relay's answer by the parameters of {@code sql/pds/add-hosts.sql}. */
    public void read(Exchange exchange) throws MalformedAnswer {
        if (reading.isEmpty() || interrupted) { // It failed before, and the route went on.
            lay(exchange, List.of());
            return;
        }
        byte[] body = exchange.getMessage().getBody(byte[].class);
        budget.answered(key(), 200, PdsHttp.headers(exchange.getMessage()));
        HostList page = HostList.of(HostAnswer.of(200, body, Map.of()));
        answeredAt = Optional.of(clock.instant());
        failing = false;
        news = true;
        List<String> claimed = page.hostnames().stream().map(this::address).toList();
        int before = seen.size();
        unstored = reading.map(RelayList::again);
        claimed.forEach(this::note);
        reading.get().turn(page.cursor(), seen.size() - before);
        endIfOver(reading.get());
        lay(exchange, claimed);
    }

    /** A reading that asks for the same page next. */
    private static PagedReading again(PagedReading read) {
        return read.cursor()
                .map(cursor -> PagedReading.goingOn(BOUNDS, cursor, read.pages()))
                .orElseGet(() -> PagedReading.fromTheBeginning(BOUNDS));
    }

    private void note(String address) {
        Optional<String> host = named.url(address).map(Object::toString);
        host.map(Fingerprint::of).ifPresent(seen::add);
        if (host.isEmpty()) {
            refusedFirst = refused == 0 ? address + ", " + NamedHosts.refusal(address) : refusedFirst;
            refused++;
        }
    }

    private void endIfOver(PagedReading read) {
        Optional<String> complaint = read.complaint();
        if (read.end().isEmpty() && seen.size() > MOST_HOSTS) {
            complaint = Optional.of("it names more than " + MOST_HOSTS + " hosts");
        }
        if (read.end().isEmpty() && complaint.isEmpty()) {
            return;
        }
        complaint.ifPresent(why -> {
            LOG.warn(
                    "relay {}: its list of hosts does not end ({}); {} hosts of it are taken, and it is asked again in an hour",
                    key(), why, seen.size());
            fail("gives a list of hosts that does not end: " + why);
        });
        if (refused > 0) {
            LOG.warn("relay {}: {} of its hosts are skipped, such as {}", key(), refused, refusedFirst);
        }
        reading = Optional.empty();
    }

    private void lay(Exchange exchange, List<String> claimed) {
        exchange.getMessage().removeHeaders("*");
        exchange.getMessage().setBody(named.rows("relay", claimed));
    }

    /**
     * Ends the list where the relay failed, so that there are no hosts to add. Where our database failed or the process stops,
     * the relay is not blamed: the next round asks for the page that is not stored.
     */
    public void failed(Exchange exchange) {
        Exception cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        if (interrupted || isOurs(cause)) {
            interrupt(cause);
            lay(exchange, List.of());
            return;
        }
        String what = cause instanceof HttpOperationFailedException answer
                ? "answered " + answer.getStatusCode()
                : cause instanceof MalformedAnswer ? "sent no list of hosts" : FetchFailure.of(cause).predicate();
        LOG.warn("pds-hosts: relay {} {}; going on with the hosts that are known, retrying at {}", key(), what, due);
        fail(what);
        reading = Optional.empty();
        lay(exchange, List.of());
    }

    private static boolean isOurs(Exception cause) {
        return StorageFailure.isBehind(cause) || ObjectHelper.getException(InterruptedException.class, cause) != null;
    }

    private void interrupt(Exception cause) {
        if (!interrupted) {
            LOG.warn(
                    "pds-hosts: hosts of relay {} are not stored, which is not the relay's fault ({}: {}); going on with its list in the next round",
                    key(),
                    StorageFailure.isBehind(cause) ? "the storage failed" : "the process stops",
                    Crawl.message(cause));
        }
        interrupted = true;
        turnEnds = Instant.MIN;
        reading = unstored.or(() -> reading);
        unstored = Optional.empty();
    }

    private void fail(String what) {
        error = Optional.of(what);
        errorAt = Optional.of(clock.instant());
        failing = true;
        news = true;
    }

    /** Whether the relay has answered or failed since that was last noted. */
    public boolean hasNews() {
        return news;
    }

    /** Lays out the parameters of {@code sql/sync/note-standing.sql}. */
    public void layOutStanding(Exchange exchange) {
        news = false;
        Map<String, Object> row = new HashMap<>();
        row.put("stage", CrawlSums.RELAY_STAGE);
        row.put("host", key());
        row.put("atHead", null);
        row.put("polledAt", answeredAt.map(Object::toString).orElse(null));
        row.put("lastError", error.orElse(null));
        row.put("lastErrorAt", errorAt.map(Object::toString).orElse(null));
        row.put("nextTryAt", failing ? due.toString() : null);
        exchange.getMessage().setBody(row);
    }

    /** The address of a host as a relay names it: mostly without a scheme; hosts of this machine's own network speak http. */
    private String address(String hostname) {
        String host = hostname.strip();
        boolean local = named.allowPrivate() && (host.startsWith("localhost:") || host.startsWith("127."));
        return local ? "http://" + host : NamedHosts.withScheme(host);
    }
}
