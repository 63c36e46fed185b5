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
    private final SkippedHosts skipped;
    private int skippedAfter;
    private boolean adopted;
    private boolean skippedMore = true; // settings may have changed since the last run
    private long from;
    private long end;
    private boolean full;
    private volatile boolean finished;

    public HostFinder(Sources sources) {
        this.sources = sources;
        this.named = sources.named();
        this.hostsFile = new HostsFile(named);
        this.skipped = new SkippedHosts(named);
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
        List<String> claimed = claimed(rows);
        skipped.found(claimed);
        exchange.getMessage().setBody(named.rows("log", ids(rows), claimed));
    }

    private static List<Integer> ids(List<?> rows) {
        return rows.stream().map(row -> ((Number) ((Map<?, ?>) row).get("id")).intValue()).toList();
    }

    private static List<String> claimed(List<?> rows) {
        return rows.stream().map(row -> (String) ((Map<?, ?>) row).get("endpoint")).toList();
    }

    /** Whether endpoints are left that an earlier run skipped; they are judged once more after each start. */
    public boolean wantsSkipped() {
        return skippedMore;
    }

    /** Lays out the parameters of {@code sql/pds/skipped-endpoints.sql}. */
    public void askForSkipped(Exchange exchange) {
        exchange.getMessage().setBody(Map.of("after", skippedAfter));
    }

    /** Replaces rows of that by the parameters of {@code sql/pds/adopt-endpoints.sql}. */
    public void readSkipped(Exchange exchange) {
        List<?> rows = exchange.getMessage().getBody(List.class);
        List<Integer> ids = ids(rows);
        skippedMore = !rows.isEmpty();
        skippedAfter = rows.isEmpty() ? skippedAfter : ids.get(ids.size() - 1);
        List<String> claimed = claimed(rows);
        skipped.stillSkipped(claimed);
        adopted = claimed.stream().anyMatch(endpoint -> named.url(endpoint).isPresent());
        exchange.getMessage().setBody(named.rows("log", ids, claimed));
    }

    /** Whether any of those that were judged last may be asked now. */
    public boolean hasAdopted() {
        return adopted;
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
