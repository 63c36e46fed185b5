package dev.atmirror.net;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What an answer says about its host's limits, with what makes no sense taken as not said.
 *
 * @param spacing between requests, if they are to fill the windows of the policy and no more
 * @param remaining requests of this window
 * @param reset when the next window begins, in the future
 * @param retryAfter when to come again, in the future
 */
record RateHeaders(
        Optional<Duration> spacing, OptionalLong remaining, Optional<Instant> reset, Optional<Instant> retryAfter) {
    /** No host stops us for longer. */
    static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    private static final Duration WIDEST_SPACING = Duration.ofMinutes(1); // less than that is not a service
    private static final long LARGEST_DELTA = 1_000_000; // seconds; no unix time of our days is as small
    private static final long SMALLEST_MILLIS = 100_000_000_000L; // and none in seconds as large
    // "3000;w=300", also several with commas between; the later form names the quota: "default";q=3000;w=300
    private static final Pattern POLICY = Pattern.compile("(?:^|q=)([0-9]{1,9})(?:;[^,]*?)?;\\s*w=([0-9]{1,9})");

    static RateHeaders of(Map<String, String> headers, Instant now) {
        return new RateHeaders(
                spacing(headers.get("ratelimit-policy"), headers.get("ratelimit-limit")),
                number(headers.get("ratelimit-remaining")),
                reset(headers.get("ratelimit-reset"), now),
                retryAfter(headers.get("retry-after"), now));
    }

    private static Optional<Duration> spacing(String policy, String limit) {
        if (policy == null || policy.length() > 500) {
            return Optional.empty();
        }
        OptionalLong stated = number(limit);
        return Stream.of(policy.split(","))
                .map(String::strip)
                .map(POLICY::matcher)
                .filter(Matcher::find)
                .flatMap(item -> {
                    long quota = Long.parseLong(item.group(1));
                    // The limit's own header belongs to one policy; to which, is not said when there are several.
                    return spacing(policy.contains(",") ? quota : stated.orElse(quota), Long.parseLong(item.group(2)));
                })
                .max(Duration::compareTo); // the tightest of them
    }

    private static Stream<Duration> spacing(long quota, long window) {
        if (quota == 0 || window == 0) {
            return Stream.empty();
        }
        Duration spacing = Duration.ofSeconds(window).dividedBy(quota);
        return Stream.of(spacing.compareTo(WIDEST_SPACING) < 0 ? spacing : WIDEST_SPACING);
    }

    /** Unix seconds, as PDSes mean them; or seconds from now, or unix milliseconds, as some proxies do. */
    private static Optional<Instant> reset(String text, Instant now) {
        OptionalLong number = number(text);
        if (number.isEmpty()) {
            return Optional.empty();
        }
        long n = number.getAsLong();
        Instant reset = n < LARGEST_DELTA
                ? now.plusSeconds(n)
                : n < SMALLEST_MILLIS ? Instant.ofEpochSecond(n) : Instant.ofEpochMilli(n);
        return bounded(reset, now);
    }

    /** Seconds or an HTTP date (RFC 9110, section 10.2.3). */
    private static Optional<Instant> retryAfter(String text, Instant now) {
        OptionalLong seconds = number(text);
        if (seconds.isPresent()) {
            return bounded(now.plusSeconds(Math.min(seconds.getAsLong(), LONGEST_PAUSE.toSeconds())), now);
        }
        try {
            return text == null
                    ? Optional.empty()
                    : bounded(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text.strip())), now);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> bounded(Instant moment, Instant now) {
        Instant last = now.plus(LONGEST_PAUSE);
        return moment.isAfter(now) ? Optional.of(moment.isAfter(last) ? last : moment) : Optional.empty();
    }

    private static OptionalLong number(String text) {
        String stripped = text == null ? "" : text.strip();
        return stripped.matches("[0-9]{1,15}") ? OptionalLong.of(Long.parseLong(stripped)) : OptionalLong.empty();
    }
}
