package dev.atmirror.route;

import dev.atmirror.net.PdsUrl;
import dev.atmirror.pds.HostAnswer;
import dev.atmirror.pds.HostList;
import dev.atmirror.pds.MalformedAnswer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Bean {@code hostFinder}: hosts from the log's documents, from a file or options, and from a relay. */
public final class HostFinder {
    private static final int MOST_FROM_FILE = 100_000;
    private static final Duration RELAY_EVERY = Duration.ofHours(1); // thousands of hosts, of which a few are new in a day
    private static final Logger LOG = LoggerFactory.getLogger(HostFinder.class);

    /**
     * @param allowPrivate whether hosts may be http, of this machine, and on any port
     * @param operators patterns such as {@code *.host.example}: hosts of one operator share a budget
     * @param file one host a line; where it is set
     * @param given by a command's options
     * @param relay whether there is one to ask
     */
    public record Sources(
            boolean allowPrivate, List<String> operators, Optional<Path> file, List<String> given, boolean relay) {}

    private final Sources sources;
    private final InstantSource clock;
    private long from;
    private long end;
    private boolean full;
    private Optional<String> relayCursor = Optional.empty();
    private boolean relayMore;
    private Instant relayDue = Instant.MIN;
    private volatile boolean finished;

    public HostFinder(Sources sources, InstantSource clock) {
        this.sources = sources;
        this.clock = clock;
    }

    /** Takes where the log ends from the row of {@code sql/pds/log-end.sql}. */
    public void begin(Exchange exchange) {
        Map<?, ?> row = (Map<?, ?>) exchange.getMessage().getBody(List.class).get(0);
        from = ((Number) row.get("from")).longValue();
        end = ((Number) row.get("end")).longValue();
        full = true;
    }

    /** Whether there may be more endpoints than those that were read last. */
    public boolean wantsEndpoints() {
        return full;
    }

    /** Replaces rows of {@code sql/pds/new-endpoints.sql} by the parameters of {@code sql/pds/add-hosts.sql}. */
    public void readEndpoints(Exchange exchange) {
        List<?> rows = exchange.getMessage().getBody(List.class);
        full = !rows.isEmpty();
        List<Integer> ids = new ArrayList<>();
        List<String> claimed = new ArrayList<>();
        for (Object each : rows) {
            Map<?, ?> row = (Map<?, ?>) each;
            ids.add(((Number) row.get("id")).intValue());
            claimed.add((String) row.get("endpoint"));
        }
        exchange.getMessage().setBody(hosts("log", ids, claimed));
    }

    private Map<String, Object> hosts(String source, List<Integer> endpoints, List<String> claimed) {
        String[] pdses = new String[claimed.size()];
        String[] operators = new String[claimed.size()];
        for (int i = 0; i < pdses.length; i++) {
            Optional<PdsUrl> url = PdsUrl.of(claimed.get(i), sources.allowPrivate());
            pdses[i] = url.map(PdsUrl::toString).orElse(null);
            operators[i] = url.map(host -> host.operator(sources.operators())).orElse(null);
        }
        Map<String, Object> rows = new HashMap<>();
        rows.put("source", source);
        rows.put("endpoints", endpoints.stream().mapToInt(Integer::intValue).toArray());
        rows.put("pdses", pdses);
        rows.put("operators", operators);
        return rows;
    }

    /** Lays out the hosts of the file and of the command's options; a file that does not read is said, and passed over. */
    public void readFile(Exchange exchange) {
        List<String> named = new ArrayList<>(sources.given());
        sources.file().ifPresent(file -> {
            try (Stream<String> lines = Files.lines(file)) {
                lines.map(String::strip)
                        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                        .limit(MOST_FROM_FILE)
                        .forEach(named::add);
            } catch (IOException | java.io.UncheckedIOException e) {
                LOG.warn("the file of hosts does not read ({}); going on without", e.toString());
            }
        });
        exchange.getMessage().setBody(hosts("file", unnumbered(named), named.stream().map(HostFinder::withScheme).toList()));
    }

    private static List<Integer> unnumbered(List<String> named) {
        return named.stream().map(name -> 0).toList(); // no endpoint of a document
    }

    private static String withScheme(String host) {
        return host.contains("://") ? host : "https://" + host;
    }

    /** Whether operations are left that were not followed to their hosts. */
    public boolean isBehindTheLog() {
        return from < end;
    }

    /** Lays out the parameters of {@code sql/repo/follow-log.sql}. */
    public void askForAccounts(Exchange exchange) {
        exchange.getMessage().setBody(Map.of("from", from, "end", end));
    }

    /** Whether everything was read once. */
    public boolean hasFinished() {
        return finished;
    }

    public void finish() {
        finished = true;
    }

    public void followed(Exchange exchange) {
        List<?> rows = exchange.getMessage().getBody(List.class);
        from = ((Number) ((Map<?, ?>) rows.get(0)).get("from")).longValue();
    }

    /** Begins the relay's list anew, now and then: what fails is not repeated at once, either. */
    public void askRelay() {
        relayCursor = Optional.empty();
        relayMore = sources.relay() && !clock.instant().isBefore(relayDue);
        if (relayMore) {
            relayDue = clock.instant().plus(RELAY_EVERY);
        }
    }

    public boolean wantsRelay() {
        return relayMore;
    }

    /** The query of the relay's next page. */
    public String relayQuery() {
        return "limit=1000" + relayCursor.map(c -> "&cursor=" + java.net.URLEncoder.encode(c, java.nio.charset.StandardCharsets.UTF_8)).orElse("");
    }

    /** Replaces the relay's answer by the parameters of {@code sql/pds/add-hosts.sql}. */
    public void readRelay(Exchange exchange) throws IOException, MalformedAnswer {
        if (!relayMore) {
            return; // The request failed, and no hosts are laid out.
        }
        byte[] body = exchange.getMessage().getBody(byte[].class);
        HostList page = HostList.of(HostAnswer.of(200, body, Map.of()));
        relayMore = page.cursor().isPresent() && !page.cursor().equals(relayCursor) && !page.hostnames().isEmpty();
        relayCursor = page.cursor();
        List<String> claimed = page.hostnames().stream().map(this::relayed).toList();
        exchange.getMessage().removeHeaders("*");
        exchange.getMessage().setBody(hosts("relay", unnumbered(claimed), claimed));
    }

    /** The relay failed: its list ends here, and there are no hosts to add. */
    public void endRelay(Exchange exchange) {
        relayMore = false;
        exchange.getMessage().removeHeaders("*");
        exchange.getMessage().setBody(hosts("relay", List.of(), List.of()));
    }

    /** Relays name hosts without a scheme; those of a machine's own network speak http. */
    private String relayed(String hostname) {
        boolean local = sources.allowPrivate() && (hostname.startsWith("localhost:") || hostname.startsWith("127."));
        return (local ? "http://" : "https://") + hostname;
    }
}
