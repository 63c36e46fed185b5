package dev.atmirror.sandbox;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text to time as {@code new Date(text)} of JavaScript does it on a server in UTC, as far as clients of the directory
 * have need of it: ISO 8601, whole or from the year on, and the surprising reading of bare numbers.
 */
final class JsDates {
    private static final Pattern ISO = Pattern.compile("(\\d{4})(?:-(\\d\\d)(?:-(\\d\\d))?)?"
            + "(?:[T ](\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d{1,9})?)?)(Z|[+-]\\d\\d:\\d\\d)?)?");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,6}");
    private static final int LAST_YEAR = 275_760; // where JavaScript's time ends

    private JsDates() {}

    /** @return empty for what JavaScript calls an invalid date */
    static Optional<Instant> parse(String text) {
        try {
            Matcher iso = ISO.matcher(text);
            if (iso.matches()) {
                return Optional.of(iso(iso));
            }
            return NUMBER.matcher(text).matches() ? number(Integer.parseInt(text)) : Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Instant iso(Matcher parts) {
        String date = parts.group(1) + "-" + orElse(parts.group(2), "01") + "-" + orElse(parts.group(3), "01");
        String time = orElse(parts.group(4), "00:00");
        return OffsetDateTime.parse(date + "T" + time + orElse(parts.group(5), "Z")).toInstant();
    }

    private static String orElse(String text, String otherwise) {
        return text == null ? otherwise : text;
    }

    /** 1 to 12 are months of 2001, two digits from 32 up years of two centuries, more digits years. */
    private static Optional<Instant> number(int number) {
        if (number > 12 && number < 32 || number > LAST_YEAR) {
            return Optional.empty();
        }
        LocalDate date;
        if (number >= 1 && number <= 12) {
            date = LocalDate.of(2001, number, 1);
        } else if (number < 50) {
            date = LocalDate.of(2000 + number, 1, 1);
        } else {
            date = LocalDate.of(number < 100 ? 1900 + number : number, 1, 1);
        }
        return Optional.of(date.atStartOfDay().toInstant(ZoneOffset.UTC));
    }
}
