package dev.atmirror.app;

import dev.atmirror.net.FetchLimits;
import dev.atmirror.net.PoolLimits;
import dev.atmirror.route.HostFinder;
import dev.atmirror.route.StagePace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The settings of the stages that ask hosts, as their parts take them. */
record CrawlSettings(Settings settings, Optional<CrawlSettings.Once> once) {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration IDLE = Duration.ofSeconds(30); // a host that is asked is asked again within seconds
    private static final long LARGEST_BODY = 4 << 20; // 1,000 repos are 0.2 MB, 100 long posts 1 MB
    private static final int STAGES = 4;

    /**
     * One run of a command.
     *
     * @param stage that it runs
     * @param olderThan what is older is made due at the start; empty leaves it to the dates
     * @param only hosts, as given; none means all
     * @param start hosts from here on
     */
    record Once(String stage, Optional<Duration> olderThan, List<String> only, String start) {}

    FetchLimits limits() {
        Duration total = settings.duration("atmirror.pds.timeout");
        return new FetchLimits(CONNECT.compareTo(total) < 0 ? CONNECT : total, total, total, LARGEST_BODY);
    }

    PoolLimits pool() {
        int lanes = settings.number("atmirror.pds.lanes") * STAGES;
        return new PoolLimits(settings.number("atmirror.pds.hosts-at-once") * lanes, lanes, IDLE);
    }

    boolean allowPrivate() {
        return settings.flag("atmirror.net.allow-private");
    }

    List<String> operators() {
        return list("atmirror.pds.operators");
    }

    HostFinder.Sources sources() {
        return new HostFinder.Sources(
                allowPrivate(),
                operators(),
                settings.optional("atmirror.pds.hosts-file").map(Path::of),
                once.map(Once::only).orElse(List.of()));
    }

    Optional<String> relay() {
        return settings.optional("atmirror.relay.url");
    }

    /** @param olderThan key of the setting @param lanes requests to one host at the same time */
    StagePace stage(String stage, String olderThan, int lanes) {
        Duration again = settings.duration(olderThan);
        StagePace scheduled = StagePace.scheduled(
                stage, settings.number("atmirror.pds.hosts-at-once"), lanes, again, settings.duration("atmirror.pds.visit"));
        return once.filter(run -> run.stage().equals(stage))
                .map(run -> scheduled.once(run.only(), run.start()))
                .orElse(scheduled);
    }

    List<String> list(String key) {
        return Arrays.stream(settings.text(key).split(","))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }
}
