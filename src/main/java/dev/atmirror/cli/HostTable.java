package dev.atmirror.cli;

import dev.atmirror.store.PdsHosts;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** {@code status --hosts}: one line a host, and one below for what went wrong last. */
final class HostTable {
    private static final String LINE = "%-7s %11s %11s %11s %11s %12s %8s  %s%n";

    private final PrintWriter out;
    private final Instant now;

    HostTable(PrintWriter out, Instant now) {
        this.out = out;
        this.now = now;
    }

    void print(List<PdsHosts.Host> hosts) {
        out.printf(LINE, "state", "repos", "active", "to describe", "to fetch", "last success", "failures", "host");
        for (PdsHosts.Host host : hosts) {
            PdsHosts.Counts counts = host.counts();
            out.printf(
                    LINE,
                    host.state(),
                    ProgressLog.number(counts.repos()),
                    ProgressLog.number(counts.active()),
                    ProgressLog.number(counts.describeLeft()),
                    ProgressLog.number(counts.recordsLeft()),
                    host.lastSuccess().map(this::ago).orElse("never"),
                    host.failures(),
                    plain(host.pds()));
            host.leader().ifPresent(leader -> out.printf("        another name of %s, which is asked in its place%n", plain(leader.pds())));
            host.lastError().ifPresent(error -> out.printf(
                    Locale.ROOT, "        last error%s: %s%s%n",
                    host.lastErrorAt().map(at -> ", " + ago(at)).orElse(""), plain(error), nextTry(host)));
        }
    }

    private String nextTry(PdsHosts.Host host) {
        return host.waitsUntil().map(at -> "; next try in " + ProgressLog.shown(Duration.between(now, at))).orElse("");
    }

    private String ago(Instant at) {
        return ProgressLog.shown(Duration.between(at, now)) + " ago";
    }

    /** Strangers chose these texts: nothing in them may steer the terminal. */
    static String plain(String text) {
        return text.replaceAll("\\p{Cntrl}", "\ufffd");
    }
}
