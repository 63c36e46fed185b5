package dev.atmirror.route;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;

/** Bean {@code hostFinder}: hosts from the log's documents, and from a file or options. */
public final class HostFinder {
    /**
     * @param allowPrivate whether hosts may be http, of this machine, and on any port
     * @param operators patterns such as {@code *.host.example}: hosts of one operator share a budget
     * @param file one host a line; where it is set
     * @param given by a command's options
     */
    public record Sources(boolean allowPrivate, List<String> operators, Optional<Path> file, List<String> given) {
        NamedHosts named() {
            return new NamedHosts(allowPrivate, operators);
        }
    }

    private final Sources sources;
    private final NamedHosts named;
    private final HostsFile hostsFile;
    private long from;
    private long end;
    private boolean full;
    private volatile boolean finished;

    public HostFinder(Sources sources) {
        this.sources = sources;
        this.named = sources.named();
        this.hostsFile = new HostsFile(named);
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
        exchange.getMessage().setBody(named.rows("log", ids, claimed));
    }

    /** Lays out the hosts of the file and of the command's options; what does not read is said, and passed over. */
    public void readFile(Exchange exchange) {
        List<String> hosts = new ArrayList<>(sources.given());
        sources.file().ifPresent(file -> hosts.addAll(hostsFile.read(file)));
        exchange.getMessage().setBody(named.rows("file", hosts.stream().map(NamedHosts::withScheme).toList()));
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
}
