package dev.atmirror.app;

import dev.atmirror.handle.HandleDns;
import dev.atmirror.handle.LocalHandles;
import dev.atmirror.pds.NsidPatterns;
import dev.atmirror.plc.PlcSettings;
import dev.atmirror.snapshot.DumpKind;
import java.net.URI;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.stream.Stream;
import org.quartz.CronExpression;

/**
 * Judges every setting before anything starts, so that a wrong one is named by itself and not by whatever fails of it
 * later. A setting's type is that of its default: true or false, a number, a duration; names that end in "schedule" are
 * crons. What else a value must be stands in the tables below.
 */
final class SettingsCheck {
    /** What a value must be; throws {@link IllegalArgumentException} with the reason. */
    private interface Rule {
        void check(String value);
    }

    private record Bounds(long least, long most) {}

    private static final Bounds FROM_ONE = new Bounds(1, Integer.MAX_VALUE);
    private static final Bounds FROM_ZERO = new Bounds(0, Integer.MAX_VALUE);
    private static final int LARGEST_PORT = 65_535;
    private static final int LEVELS_OF_ZSTD = 19;
    private static final int MOST_RECORDS = 10_000; // of a collection: their keys are held while it is read

    private static final Map<String, Bounds> BOUNDS = Map.of(
            "atmirror.http.port", new Bounds(0, LARGEST_PORT), // 0 takes any
            "atmirror.plc.page-size", FROM_ZERO, // held to its bounds together with the pages in flight
            "atmirror.plc.verify-threads", FROM_ZERO,
            "atmirror.snapshot.threads", FROM_ZERO,
            "atmirror.snapshot.level", new Bounds(1, LEVELS_OF_ZSTD),
            "atmirror.recent-records.limit", new Bounds(1, MOST_RECORDS));

    /** Rules for texts; they see no empty value, except those of {@link #NEEDED}. */
    private static final Map<String, Rule> TEXTS = Map.ofEntries(
            Map.entry("atmirror.plc.upstream", PlcSettings::upstream),
            Map.entry("atmirror.relay.url", SettingsCheck::web),
            Map.entry("atmirror.postgres.url", Databases::address),
            Map.entry("atmirror.data.dir", Path::of),
            Map.entry("atmirror.dumps.dir", Path::of),
            Map.entry("atmirror.pds.hosts-file", Path::of),
            Map.entry("atmirror.snapshot.pg-bin", Path::of),
            Map.entry("atmirror.snapshot.rclone", Path::of),
            Map.entry("atmirror.pds.operators", SettingsCheck::hostPatterns),
            Map.entry("atmirror.handles.operators", SettingsCheck::hostPatterns),
            Map.entry("atmirror.recent-records.collections", value -> new NsidPatterns(list(value))),
            Map.entry("atmirror.handles.local", value -> new LocalHandles(list(value))),
            Map.entry("atmirror.handles.resolvers", value -> HandleDns.check(list(value))),
            Map.entry("atmirror.snapshot.tables", value -> list(value).forEach(DumpKind::of)),
            Map.entry("atmirror.user-agent", SettingsCheck::headerValue),
            Map.entry("atmirror.http.host", SettingsCheck::headerValue));

    private static final List<String> NEEDED = List.of(
            "atmirror.plc.upstream",
            "atmirror.data.dir",
            "atmirror.dumps.dir",
            "atmirror.snapshot.tables",
            "atmirror.user-agent",
            "atmirror.http.host");

    private static final List<String> MAY_HOLD_A_PASSWORD = List.of("atmirror.postgres.url");
    private static final List<String> MAY_BE_ZERO = List.of("atmirror.plc.overlap");
    private static final String DURATION = "\\d+(ms|s|m|h|d)";

    private final Settings settings;
    private final List<String> faults = new ArrayList<>();

    private SettingsCheck(Settings settings) {
        this.settings = settings;
    }

    /** @throws IllegalArgumentException which names every setting that is wrong, and what it may be */
    static void check(Settings settings) {
        SettingsCheck check = new SettingsCheck(settings);
        settings.keys().stream().sorted().forEach(check::checkOne);
        if (check.faults.isEmpty()) {
            check.checkTogether();
        }
        if (!check.faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", check.faults));
        }
    }

    private void checkOne(String key) {
        String value = settings.text(key);
        try {
            if (settings.lacksVariable(key)) {
                throw new IllegalArgumentException("names a variable that is not set; a $ that stands for itself is \\$");
            }
            if (value.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("holds a character that is none to be seen");
            }
            rule(key, settings.shipped(key)).check(value);
        } catch (IllegalArgumentException e) { // an InvalidPathException, too
            String shown = MAY_HOLD_A_PASSWORD.contains(key) ? "" : " is \"" + value + "\"";
            faults.add(name(key) + shown + ": " + e.getMessage());
        }
    }

    private static String name(String key) {
        return key + " (" + Settings.environmentName(key) + ")";
    }

    private Rule rule(String key, String shipped) {
        if (key.endsWith("schedule")) {
            return SettingsCheck::cron;
        }
        if (shipped.equals("true") || shipped.equals("false")) {
            return SettingsCheck::flag;
        }
        if (shipped.matches("\\d+")) {
            return value -> number(value, BOUNDS.getOrDefault(key, FROM_ONE));
        }
        if (shipped.matches(DURATION)) {
            return value -> duration(value, MAY_BE_ZERO.contains(key));
        }
        Rule text = TEXTS.getOrDefault(key, value -> {});
        return value -> {
            if (!value.isEmpty()) {
                text.check(value);
            } else if (NEEDED.contains(key)) {
                throw new IllegalArgumentException("must not be empty");
            }
        };
    }

    private void checkTogether() {
        try {
            PlcSettings.checkInFlight(
                    settings.number("atmirror.plc.page-size"), settings.number("atmirror.plc.pages-in-flight"));
        } catch (IllegalArgumentException e) {
            faults.add(e.getMessage());
        }
        boolean isLocal = !settings.text("atmirror.handles.local").isEmpty();
        if (isLocal && !settings.flag("atmirror.net.allow-private")) {
            faults.add("atmirror.handles.local needs atmirror.net.allow-private, for networks of one machine");
        }
        if (settings.flag("atmirror.snapshot.upload") && settings.text("atmirror.snapshot.upload-remote").isEmpty()) {
            faults.add("atmirror.snapshot.upload is on, and atmirror.snapshot.upload-remote says not where to");
        }
    }

    private static void flag(String value) {
        if (!value.equals("true") && !value.equals("false")) {
            throw new IllegalArgumentException("must be true or false");
        }
    }

    private static void number(String value, Bounds bounds) {
        long number;
        try {
            number = Long.parseLong(value);
        } catch (NumberFormatException e) {
            number = bounds.least - 1;
        }
        if (number < bounds.least || number > bounds.most) {
            throw new IllegalArgumentException("must be a whole number from " + bounds.least
                    + (bounds.most == Integer.MAX_VALUE ? " up" : " to " + bounds.most));
        }
    }

    private static void duration(String value, boolean mayBeZero) {
        Duration duration;
        try {
            duration = Settings.duration("", value);
            duration.toMillis(); // what is longer overflows where it is used
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new IllegalArgumentException("must be a duration such as 90s, 5m, 2h or 1d", e);
        }
        if (duration.isNegative() || duration.isZero() && !mayBeZero) {
            throw new IllegalArgumentException("must be longer than nothing");
        }
    }

    private static void cron(String value) {
        try {
            CronExpression cron = new CronExpression(value);
            cron.setTimeZone(TimeZone.getDefault());
            if (cron.getNextValidTimeAfter(Date.from(Instant.now())) == null) {
                throw new IllegalArgumentException("never comes again; write a year that is to come, or leave the year out");
            }
        } catch (ParseException | UnsupportedOperationException e) {
            throw new IllegalArgumentException("must be a Quartz cron of six or seven fields, seconds first, such as"
                    + " \"0/10 * * * * ?\" (" + e.getMessage() + ")", e);
        }
    }

    private static void web(String value) {
        URI uri;
        try {
            uri = URI.create(value);
        } catch (IllegalArgumentException e) {
            uri = URI.create("");
        }
        boolean isWeb = List.of("http", "https").contains(String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT));
        if (!isWeb || uri.getHost() == null) {
            throw new IllegalArgumentException("must be an address such as https://relay1.us-west.bsky.network");
        }
    }

    private static void hostPatterns(String value) {
        for (String pattern : list(value)) {
            if (!pattern.matches("(\\*\\.|\\.)?[a-zA-Z0-9-]+(\\.[a-zA-Z0-9-]+)*")) {
                throw new IllegalArgumentException(
                        "must be patterns such as *.host.bsky.network, separated by commas; \"" + pattern + "\" is none");
            }
        }
    }

    private static void headerValue(String value) {
        if (!value.matches("[\\x20-\\x7e]+")) {
            throw new IllegalArgumentException("must be of plain ASCII characters");
        }
    }

    private static List<String> list(String value) {
        return Stream.of(value.split(",")).map(String::strip).filter(item -> !item.isEmpty()).toList();
    }
}
