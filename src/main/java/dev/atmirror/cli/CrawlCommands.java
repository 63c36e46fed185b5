package dev.atmirror.cli;

import dev.atmirror.pds.NsidPatterns;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code backfill} of the stages that ask hosts: each to the end of what is due, then exit. */
final class CrawlCommands {
    private static final int MOST_RECORDS = 10_000; // as atmirror.recent-records.limit

    private CrawlCommands() {}

    /** {@code 90s}, {@code 5m}, {@code 2h}, {@code 1d} or ISO 8601. */
    static final class Durations implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            try {
                if (text.matches("\\d{1,6}d")) {
                    return Duration.ofDays(Long.parseLong(text.substring(0, text.length() - 1)));
                }
                Duration duration = Duration.parse(text.startsWith("P") ? text : "PT" + text);
                if (duration.isNegative()) {
                    throw new TypeConversionException("no duration of the past: " + text);
                }
                return duration;
            } catch (java.time.DateTimeException e) {
                throw new TypeConversionException("no duration such as 90s, 5m, 2h or 1d: " + text);
            }
        }
    }

    /** What all of them take. */
    static final class Scope {
        @Option(
                names = "--pds",
                paramLabel = "URL",
                description = "Only this host, whether or not it is due. Repeat it for more.")
        private List<String> pds = List.of();

        @Option(
                names = "--start",
                paramLabel = "URL",
                description = "Only hosts from this one on, in alphabetical order.")
        private Optional<String> start = Optional.empty();

        @Option(names = "--parallel", paramLabel = "N", description = "Hosts asked at the same time.")
        private Optional<Integer> parallel = Optional.empty();

        @Option(
                names = "--older-than",
                paramLabel = "DURATION",
                converter = Durations.class,
                description = "Also what was asked longer ago than this: 90s, 5m, 2h, 1d.")
        private Optional<Duration> olderThan = Optional.empty();

        Program.Crawl of(String stage) {
            return new Program.Crawl(
                    stage,
                    olderThan.or(() -> pds.isEmpty() ? Optional.empty() : Optional.of(Duration.ZERO)),
                    pds,
                    start.orElse(""),
                    parallel.map(OptionalInt::of).orElse(OptionalInt.empty()),
                    OptionalInt.empty(),
                    List.of());
        }
    }

    private abstract static class Stage implements Callable<Integer> {
        private final Program program;

        @Spec
        private CommandSpec spec;

        @Mixin
        private Scope scope;

        Stage(Program program) {
            this.program = program;
        }

        Program.Crawl crawl() {
            return scope.of(spec.name());
        }

        private void checkPatterns(List<String> collections) {
            try {
                new NsidPatterns(collections);
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(), "--collection: " + e.getMessage(), e);
            }
        }

        @Override
        public Integer call() throws InterruptedException {
            Program.Crawl crawl = crawl();
            if (crawl.parallel().orElse(1) < 1) {
                throw new ParameterException(spec.commandLine(), "--parallel must be 1 or more");
            }
            checkPatterns(crawl.collections());
            if (crawl.limit().orElse(1) < 1 || crawl.limit().orElse(1) > MOST_RECORDS) {
                throw new ParameterException(spec.commandLine(), "--limit must be between 1 and " + MOST_RECORDS);
            }
            run(program, crawl);
            return 0;
        }
    }

    private static void run(Program program, Program.Crawl crawl) throws InterruptedException {
        Program.Crawling crawling = program.backfill(crawl);
        try (crawling;
                CrawlProgressLog progress = new CrawlProgressLog(program.clock(), crawling, crawl.stage())) {
            Stop.onSignal(progress::interrupt);
            progress.untilDone();
            List<String> unreached = progress.isInterrupted() ? List.of() : crawling.unreached();
            if (!unreached.isEmpty()) {
                throw new IllegalStateException("--pds: no answer from " + String.join(", ", unreached)
                        + "; `status --hosts` lists the hosts that are known");
            }
        }
    }

    /** {@code backfill pds-hosts} */
    @Command(
            name = "pds-hosts",
            description = "Find the hosts of accounts in the log, a file and a relay, check them, then exit.",
            mixinStandardHelpOptions = true)
    static final class PdsHosts extends Stage {
        PdsHosts(Program program) {
            super(program);
        }
    }

    /** {@code backfill pds-accounts} */
    @Command(
            name = "pds-accounts",
            description = "List the accounts of every host that is due, then exit. Interrupted, the next start goes on.",
            mixinStandardHelpOptions = true)
    static final class PdsAccounts extends Stage {
        PdsAccounts(Program program) {
            super(program);
        }
    }

    /** {@code backfill describe-repo} */
    @Command(
            name = "describe-repo",
            description = "Ask the host of every active account what it holds, then exit. Interrupted, the next start goes on.",
            mixinStandardHelpOptions = true)
    static final class DescribeRepo extends Stage {
        DescribeRepo(Program program) {
            super(program);
        }
    }

    /** {@code backfill handles} */
    @Command(
            name = "handles",
            description = "Check by DNS and by asking their hosts whether handles are of the accounts that declare them, then"
                    + " exit. Interrupted, the next start goes on.",
            mixinStandardHelpOptions = true)
    static final class Handles implements Callable<Integer> {
        private final Program program;

        @Spec
        private CommandSpec spec;

        @Option(names = "--parallel", paramLabel = "N", description = "Handles checked at the same time.")
        private Optional<Integer> parallel = Optional.empty();

        @Option(
                names = "--older-than",
                paramLabel = "DURATION",
                converter = Durations.class,
                description = "Also what was checked longer ago than this: 90s, 5m, 2h, 1d.")
        private Optional<Duration> olderThan = Optional.empty();

        Handles(Program program) {
            this.program = program;
        }

        @Override
        public Integer call() throws InterruptedException {
            if (parallel.orElse(1) < 1) {
                throw new ParameterException(spec.commandLine(), "--parallel must be 1 or more");
            }
            run(
                    program,
                    new Program.Crawl(
                            spec.name(),
                            olderThan,
                            List.of(),
                            "",
                            parallel.map(OptionalInt::of).orElse(OptionalInt.empty()),
                            OptionalInt.empty(),
                            List.of()));
            return 0;
        }
    }

    /** {@code backfill recent-records} */
    @Command(
            name = "recent-records",
            description = "Fetch the newest records of each collection of each account that is described, then exit."
                    + " Interrupted, the next start goes on.",
            mixinStandardHelpOptions = true)
    static final class RecentRecords extends Stage {
        @Option(names = "--limit", paramLabel = "N", description = "Records kept of each collection, 1 to 10000.")
        private Optional<Integer> limit = Optional.empty();

        @Option(
                names = "--collection",
                paramLabel = "NSID",
                description = "Only this collection; * stands for a segment, or for all that follow: app.bsky.feed.*"
                        + " Repeat it for more.")
        private List<String> collections = List.of();

        RecentRecords(Program program) {
            super(program);
        }

        @Override
        Program.Crawl crawl() {
            Program.Crawl all = super.crawl();
            return new Program.Crawl(
                    all.stage(),
                    all.olderThan(),
                    all.pds(),
                    all.start(),
                    all.parallel(),
                    limit.map(OptionalInt::of).orElse(OptionalInt.empty()),
                    collections);
        }
    }
}
