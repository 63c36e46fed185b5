package dev.atmirror.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.api.CrawlStanding;
import dev.atmirror.api.HostJson;
import dev.atmirror.identity.Json;
import dev.atmirror.snapshot.SnapshotRun;
import dev.atmirror.store.CrawlSums;
import dev.atmirror.store.HandleWork;
import dev.atmirror.store.PdsHosts;
import dev.atmirror.store.Schema;
import dev.atmirror.store.SyncStatus;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code status}: where each stage stands, whether or not a mirror runs at the moment. */
@Command(
        name = "status",
        description = "Show where each stage stands: cursor, lag, counts, last answer, last error.",
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
    private static final int UNREADABLE_LINES = 20; // shown

    private final Program program;

    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "JSON, for programs.")
    private boolean json;

    @Option(names = "--hosts", description = "The hosts of accounts instead, those with most accounts first.")
    private boolean hosts;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "Hosts shown; ${DEFAULT-VALUE} without this.")
    private int limit;

    StatusCommand(Program program) {
        this.program = program;
    }

    /** What the database says. */
    private record State(
            List<SyncStatus.Cursor> cursors,
            CrawlSums crawl,
            List<SyncStatus.Rejections> rejections,
            List<SyncStatus.Unreadable> unreadable,
            List<Schema.Size> sizes) {}

    @Override
    public Integer call() {
        if (!hosts && spec.commandLine().getParseResult().hasMatchedOption("--limit")) {
            throw new ParameterException(spec.commandLine(), "--limit goes with --hosts");
        }
        if (limit < 1) {
            throw new ParameterException(spec.commandLine(), "--limit must be 1 or more");
        }
        try (Program.Database database = program.database()) {
            List<Schema.Size> sizes = database.schema().sizes();
            if (sizes.stream().allMatch(size -> size.bytes() == 0)) {
                spec.commandLine().getErr().println("at-mirror: the database is empty; `run` or `db migrate` creates the tables");
                return 1;
            }
            if (hosts) {
                printHosts(database.hosts().largest(limit), database.crawlSums());
                return 0;
            }
            SyncStatus status = database.status();
            State state = new State(
                    status.cursors(), database.crawlSums(), status.rejections(), status.unreadable(UNREADABLE_LINES), sizes);
            if (json) {
                printJson(state);
            } else {
                print(state);
            }
            return 0;
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private void printHosts(List<PdsHosts.Host> all, CrawlSums sums) {
        if (json) {
            ObjectNode root = Json.MAPPER.createObjectNode();
            var array = root.putArray("hosts");
            all.stream().map(HostJson::brief).forEach(array::add);
            out().println(Json.write(root));
        } else {
            new HostTable(out(), program.clock().instant()).print(all);
            if (all.isEmpty()) {
                out().println("no hosts are known yet; pds-hosts looks for them every minute, once the log has caught up");
            }
            printSkipped(sums);
        }
    }

    private void printSkipped(CrawlSums sums) {
        if (sums.skipped() > 0) {
            out().printf(
                    "  skipped     %s endpoints of documents that are not public, or no hosts;%n"
                            + "              atmirror.net.allow-private=true takes those of private networks%n",
                    ProgressLog.number(sums.skipped()));
        }
    }

    private void print(State state) {
        PrintWriter out = out();
        Instant now = program.clock().instant();
        if (state.cursors().isEmpty()) {
            out.println("nothing read yet");
        }
        for (SyncStatus.Cursor cursor : state.cursors()) {
            out.printf("%s from %s%n", cursor.stage(), cursor.host());
            out.printf("  cursor      %s%n", cursor.kind().equals("seq") ? "seq " + cursor.seq() : cursor.kind());
            out.printf("  newest      %s%n", moment(cursor.time(), now));
            out.printf(Locale.ROOT, "  operations  %,d%n", cursor.operations());
            out.printf("  caught up   %s%n", cursor.caughtUpAt().map(at -> moment(at, now)).orElse("not yet"));
            out.printf("  last answer %s%n", moment(cursor.polledAt(), now));
            cursor.lastError().ifPresent(error -> out.printf(
                    "  last error  %s, %s%n", error, cursor.lastErrorAt().map(at -> moment(at, now)).orElse("")));
            cursor.nextTryAt().ifPresent(at -> out.printf("  next try    %s%n", at));
        }
        printCrawl(state.crawl(), now);
        long rejected = state.rejections().stream().mapToLong(SyncStatus.Rejections::operations).sum();
        out.println("rejected operations: " + (rejected == 0 ? "none" : ProgressLog.number(rejected)));
        for (SyncStatus.Rejections rejection : state.rejections()) {
            out.printf(Locale.ROOT, "  %-22s %,d, last %s%n", rejection.reason(), rejection.operations(), moment(rejection.lastSeen(), now));
        }
        printUnreadable(state.unreadable(), now);
        out.println("on disk: " + SnapshotRun.bytes(state.sizes().stream().mapToLong(Schema.Size::bytes).sum()));
        state.sizes().forEach(size -> out.printf("  %-22s %s%n", size.name(), SnapshotRun.bytes(size.bytes())));
    }

    private void printCrawl(CrawlSums crawl, Instant now) {
        PrintWriter out = out();
        out.println("pds-hosts");
        long hosts = crawl.hosts().values().stream().mapToLong(Long::longValue).sum();
        out.printf("  hosts       %s: %s%n", ProgressLog.number(hosts), crawl.hosts().entrySet().stream()
                .map(state -> ProgressLog.number(state.getValue()) + " " + state.getKey())
                .collect(Collectors.joining(", "))
                + (crawl.otherNames() > 0 ? "; and " + ProgressLog.number(crawl.otherNames()) + " other names of these" : ""));
        printSkipped(crawl);
        crawl.followed().ifPresent(seq -> out.printf(
                "  log         followed to seq %d, %s%n", seq, crawl.followedAt().map(at -> moment(at, now)).orElse("")));
        crawl.relay().ifPresent(relay -> printRelay(relay, now));
        out.println("pds-accounts");
        long inactive = crawl.repos() - crawl.active();
        out.printf(Locale.ROOT, "  listed      %,d repos: %,d active, %,d not%n", crawl.repos(), crawl.active(), inactive);
        out.printf(Locale.ROOT, "  left        %,d hosts%n", crawl.listsLeft());
        out.printf("  last pass   %s%n", crawl.lastPass().map(at -> moment(at, now)).orElse("none yet"));
        out.println("describe-repo");
        out.printf(Locale.ROOT, "  described   about %,d accounts%n", crawl.described());
        out.printf(Locale.ROOT, "  left        %,d accounts%n", crawl.describeLeft());
        out.println("recent-records");
        out.printf(Locale.ROOT, "  kept        about %,d records%n", crawl.records());
        out.printf(Locale.ROOT, "  left        %,d accounts%n", crawl.recordsLeft());
        printHandles(crawl.handles(), now);
    }

    private void printRelay(CrawlSums.Relay relay, Instant now) {
        PrintWriter out = out();
        out.printf("  relay       %s, last answer %s%n", relay.address(), moment(relay.lastAnswer(), now));
        relay.lastError().ifPresent(error -> out.printf(
                "              last error: %s%s%n", HostTable.plain(error), relay.lastErrorAt().map(at -> ", " + moment(at, now)).orElse("")));
        relay.nextTryAt().ifPresent(at -> out.printf("              next try %s%n", at));
    }

    private void printHandles(HandleWork.Tally handles, Instant now) {
        PrintWriter out = out();
        out.println("handles");
        handles.followed().ifPresent(seq -> out.printf("  log         followed to seq %d%n", seq));
        if (handles.countedAt().isEmpty()) {
            out.println("  checked     not counted yet");
            return;
        }
        out.printf(Locale.ROOT, "  checked     %,d%s%n", handles.checked(), handles.results().entrySet().stream()
                .filter(result -> result.getValue() > 0 && !result.getKey().equals("unchecked"))
                .map(result -> ProgressLog.number(result.getValue()) + " " + result.getKey())
                .collect(Collectors.joining(", ", ": ", "")));
        out.printf(Locale.ROOT, "  left        %,d%n", handles.left());
        out.printf("  counted     %s%n", moment(handles.countedAt().get(), now));
    }

    private void printUnreadable(List<SyncStatus.Unreadable> lines, Instant now) {
        if (lines.isEmpty()) {
            return;
        }
        PrintWriter out = out();
        out.printf(Locale.ROOT, "unreadable lines of the upstream: %,d; `plc dismiss ID` gives one up%n", lines.get(0).all());
        for (SyncStatus.Unreadable line : lines) {
            out.printf("  %-6d %s behind %s, since %s, asked for again %s%n", line.id(), line.host(),
                    line.time().equals(Instant.EPOCH) ? "seq " + line.seq() : line.time(), moment(line.firstSeen(), now),
                    line.retryAt().isAfter(now) ? "in " + ProgressLog.shown(Duration.between(now, line.retryAt())) : "now");
            out.printf("         %s%n", line.line());
        }
    }

    private static String moment(Instant at, Instant now) {
        if (at.equals(Instant.EPOCH)) {
            return "never";
        }
        return at.toString() + " (" + ProgressLog.shown(Duration.between(at, now)) + " ago)";
    }

    /** What is stored is as new as this: a quiet log has no newer operation. */
    private static Instant newest(SyncStatus.Cursor cursor) {
        return cursor.caughtUpAt().filter(cursor.time()::isBefore).orElse(cursor.time());
    }

    private Optional<Duration> lag(SyncStatus.Cursor cursor) {
        return known(newest(cursor)).map(newest -> Duration.between(newest, program.clock().instant()));
    }

    /** The epoch stands for what has not been yet, and is no time to show. */
    private static Optional<Instant> known(Instant at) {
        return Optional.of(at).filter(Instant.EPOCH::isBefore);
    }

    private void printJson(State state) {
        ObjectNode root = Json.MAPPER.createObjectNode();
        var stages = root.putArray("stages");
        for (SyncStatus.Cursor cursor : state.cursors()) {
            ObjectNode stage = stages.addObject()
                    .put("stage", cursor.stage())
                    .put("host", cursor.host())
                    .put("cursor", cursor.kind())
                    .put("seq", cursor.seq())
                    .put("time", known(cursor.time()).map(Instant::toString).orElse(null))
                    .put("operations", cursor.operations())
                    .put("lagSeconds", lag(cursor).map(Duration::toSeconds).orElse(null))
                    .put("polledAt", known(cursor.polledAt()).map(Instant::toString).orElse(null));
            stage.put("caughtUpAt", cursor.caughtUpAt().map(Instant::toString).orElse(null));
            stage.put("lastError", cursor.lastError().orElse(null));
            stage.put("lastErrorAt", cursor.lastErrorAt().map(Instant::toString).orElse(null));
            stage.put("nextTryAt", cursor.nextTryAt().map(Instant::toString).orElse(null));
        }
        CrawlStanding.json(state.crawl()).forEach((stage, standing) -> stages.addObject().put("stage", stage).setAll(standing));
        ObjectNode rejected = root.putObject("rejected");
        state.rejections().forEach(rejection -> rejected.put(rejection.reason(), rejection.operations()));
        var unreadable = root.putArray("unreadable");
        state.unreadable().forEach(line -> unreadable.addObject()
                .put("id", line.id())
                .put("host", line.host())
                .put("seq", line.time().equals(Instant.EPOCH) ? line.seq() : null)
                .put("time", line.time().equals(Instant.EPOCH) ? null : line.time().toString())
                .put("firstSeen", line.firstSeen().toString())
                .put("retryAt", line.retryAt().toString())
                .put("line", line.line()));
        root.put("unreadableLines", state.unreadable().isEmpty() ? 0 : state.unreadable().get(0).all());
        ObjectNode bytes = root.putObject("bytes");
        state.sizes().forEach(size -> bytes.put(size.name(), size.bytes()));
        out().println(Json.write(root));
    }
}
