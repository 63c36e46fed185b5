package dev.atmirror.plc;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times as the directory writes them: UTC, always three digits of milliseconds. */
public final class Times {
    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private static final String USUAL = "0000-00-00T00:00:00.000Z";
    private static final long NANOS_IN_MILLISECOND = 1_000_000;

    /** Not RFC_1123_DATE_TIME, which writes the first nine days with one digit. */
    private static final DateTimeFormatter HTTP =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Times() {}

    public static String format(Instant time) {
        return FORMAT.format(time);
    }

    /**
     * As {@link Instant#parse}; quicker for the directory's own form.
     *
     * @throws DateTimeException for what is no time
     */
    static Instant parse(String text) {
        if (!isUsual(text)) {
            return Instant.parse(text);
        }
        int hour = number(text, 11, 13);
        int minute = number(text, 14, 16);
        int second = number(text, 17, 19);
        if (hour > 23 || minute > 59 || second > 59) {
            return Instant.parse(text); // which knows of leap seconds and of 24:00
        }
        long day = LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10)).toEpochDay();
        return Instant.ofEpochSecond(
                ((day * 24 + hour) * 60 + minute) * 60 + second, number(text, 20, 23) * NANOS_IN_MILLISECOND);
    }

    private static boolean isUsual(String text) {
        if (text.length() != USUAL.length()) {
            return false;
        }
        for (int i = 0; i < USUAL.length(); i++) {
            char c = text.charAt(i);
            if (USUAL.charAt(i) == '0' ? c < '0' || c > '9' : c != USUAL.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static int number(String text, int from, int to) {
        return Integer.parseInt(text, from, to, 10);
    }

    /** As HTTP writes it (RFC 9110, section 5.6.7), to the second. */
    public static String http(Instant time) {
        return HTTP.format(time);
    }
}
