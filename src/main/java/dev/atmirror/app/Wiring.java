package dev.atmirror.app;

import dev.atmirror.api.AccountLookup;
import dev.atmirror.cli.Program;
import dev.atmirror.cli.UsageError;
import dev.atmirror.plc.LogCursor;
import dev.atmirror.plc.Position;
import dev.atmirror.plc.UpstreamAddress;
import dev.atmirror.snapshot.DumpKind;
import dev.atmirror.snapshot.SnapshotFolder;
import dev.atmirror.snapshot.SnapshotInputs;
import dev.atmirror.snapshot.SnapshotRun;
import dev.atmirror.snapshot.SnapshotUpload;
import dev.atmirror.store.Accounts;
import dev.atmirror.store.CrawlSums;
import dev.atmirror.store.LogExport;
import dev.atmirror.store.PdsHosts;
import dev.atmirror.store.ReadOnly;
import dev.atmirror.store.Schema;
import dev.atmirror.store.StorageException;
import dev.atmirror.store.SyncStatus;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Gives commands their objects. Settings are read when the first command asks, so that {@code --help} needs none. */
final class Wiring implements Program {
    /** What a backfill of the log needs of the routes; no stream, as it ends where the stream would begin. */
    private static final Set<String> LOG_ROUTES =
            Set.of("plc-logs", "plc-page", "plc-verify", "plc-store", "plc-standing");

    private final InstantSource clock = InstantSource.system();
    private final Map<String, String> overrides;
    private Optional<Settings> loaded = Optional.empty();

    /** @param overrides settings that win over all other sources */
    Wiring(Map<String, String> overrides) {
        this.overrides = Map.copyOf(overrides);
    }

    private Settings settings() {
        Settings settings = loaded.orElseGet(() -> Settings.load(overrides));
        loaded = Optional.of(settings);
        return settings;
    }

    @Override
    public String version() {
        return Mirror.VERSION;
    }

    @Override
    public InstantSource clock() {
        return clock;
    }

    @Override
    public URI upstream() {
        return settings().plc().upstream();
    }

    @Override
    public Mirroring run() {
        Settings settings = settings();
        return start(settings, Optional.empty(), true);
    }

    @Override
    public Mirroring backfillLog(Optional<String> from) {
        Optional<Position> position = from.map(Wiring::position);
        Map<String, String> now = new HashMap<>(overrides);
        now.put("atmirror.routes.plc-logs.enabled", "true");
        now.put("atmirror.routes.plc-logs.schedule", "* * * * * ?"); // now, not when the cron next says
        return start(Settings.load(now), position, false);
    }

    @Override
    public Crawling backfill(Crawl crawl) {
        return crawl.stage().equals("handles") ? HandleRun.start(crawl, overrides, clock) : CrawlRun.start(crawl, overrides, clock);
    }

    /** @throws UsageError for what is neither a sequence number nor a time */
    static Position position(String from) {
        if (from.matches("\\d{1,18}")) {
            return new Position(Position.Kind.SEQ, Long.parseLong(from), Instant.EPOCH);
        }
        try {
            return new Position(Position.Kind.TIME, 0, OffsetDateTime.parse(from).toInstant());
        } catch (DateTimeParseException e) {
            throw new UsageError("--from is neither a sequence number nor a time such as 2024-05-06T07:08:09Z: " + from);
        }
    }

    private Mirroring start(Settings settings, Optional<Position> from, boolean everything) {
        if (everything) {
            ListeningPort.check(settings);
        }
        Databases databases = Databases.open(settings);
        try {
            if (!everything) {
                ReadOnly.refuse(databases.schema());
            }
            new Schema(databases.schema()).migrate();
            Mirror mirror = new Mirror(settings, databases);
            from.ifPresent(mirror.cursor()::startFrom);
            mirror.start(name -> everything || LOG_ROUTES.contains(name), everything);
            Optional<StageSwitches> switches =
                    everything ? Optional.of(StageSwitches.watch(mirror, settings)) : Optional.empty();
            return new Running(mirror, databases, settings.plc().address(), switches);
        } catch (RuntimeException e) {
            databases.close();
            throw e;
        } catch (Exception e) { // Camel declares no less
            databases.close();
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** A started mirror; closed once, be it by a signal or at the end of the command. */
    private static final class Running implements Mirroring {
        private final Mirror mirror;
        private final Databases databases;
        private final UpstreamAddress upstream;
        private final Optional<StageSwitches> switches;
        private boolean closed;
        private volatile String stored = "what is stored";

        Running(Mirror mirror, Databases databases, UpstreamAddress upstream, Optional<StageSwitches> switches) {
            this.upstream = upstream;
            this.mirror = mirror;
            this.databases = databases;
            this.switches = switches;
        }

        @Override
        public int port() {
            return mirror.port();
        }

        @Override
        public Progress progress() {
            LogCursor.Standing now = mirror.cursor().standing();
            return new Progress(
                    mirror.pages().count(),
                    now.position().seq(),
                    mirror.head(),
                    now.position().time(),
                    mirror.pages().hasCaughtUp(),
                    Duration.ofMillis(mirror.pace().nextFree()),
                    mirror.pace().reason());
        }

        @Override
        public String stored() {
            return stored;
        }

        /** As the database has it: what was read beyond that is read again. */
        private String place() {
            try {
                return new SyncStatus(databases.readers())
                        .cursors().stream()
                                .filter(cursor -> cursor.stage().equals("plc-logs") && cursor.host().equals(upstream.key()))
                                .filter(cursor -> cursor.time().isAfter(Instant.EPOCH))
                                .map(cursor -> cursor.kind().equals("seq") ? "seq " + cursor.seq() : cursor.time().toString())
                                .findFirst()
                                .orElse("the beginning");
            } catch (StorageException e) {
                return stored; // the database went first
            }
        }

        @Override
        public synchronized void close() {
            if (!closed) {
                closed = true;
                switches.ifPresent(StageSwitches::close);
                try (databases) { // whatever goes wrong before
                    mirror.close();
                    stored = place();
                }
            }
        }
    }

    @Override
    public SnapshotFolder snapshots() {
        return SnapshotParts.folder(settings());
    }

    @Override
    public SnapshotInputs snapshotInputs() {
        return SnapshotParts.inputs(settings());
    }

    @Override
    public SnapshotUpload snapshotUpload() {
        return SnapshotParts.upload(settings(), clock);
    }

    @Override
    public Dumping dump(List<String> names, boolean filtered) {
        List<DumpKind> named = names.stream().map(DumpKind::of).toList();
        Databases databases = Databases.open(settings());
        try {
            SnapshotParts parts = new SnapshotParts(settings(), databases, clock);
            List<DumpKind> wanted = named.isEmpty() ? parts.kinds() : named;
            return new Dumps(parts.begin(filtered ? DumpKind.filtered(wanted) : wanted), databases);
        } catch (RuntimeException e) {
            databases.close();
            throw e;
        }
    }

    /** A snapshot with its database; closed once, be it by a signal or at the end of the command. */
    private record Dumps(SnapshotRun run, Databases databases) implements Dumping {
        @Override
        public void close() {
            try (databases) {
                run.close();
            }
        }
    }

    @Override
    public Restoring restore(String file, boolean trusting) {
        return RestoreRun.open(settings(), file, trusting);
    }

    @Override
    public Database database() {
        Databases databases = Databases.open(settings());
        SyncStatus status = new SyncStatus(databases.readers());
        return new Database() {
            @Override
            public Schema schema() {
                return new Schema(databases.schema());
            }

            @Override
            public SyncStatus status() {
                return status;
            }

            @Override
            public PdsHosts hosts() {
                return new PdsHosts(databases.readers());
            }

            @Override
            public CrawlSums crawlSums() {
                return CrawlSums.read(databases.readers());
            }

            @Override
            public AccountLookup lookup() {
                return new AccountLookup(new Accounts(databases.readers()), () -> status.cursors().stream()
                        .map(SyncStatus.Cursor::time)
                        .max(Comparator.naturalOrder())
                        .orElse(Instant.EPOCH));
            }

            @Override
            public LogExport logExport() {
                return new LogExport(databases.schema(), clock);
            }

            @Override
            public void close() {
                databases.close();
            }
        };
    }
}
