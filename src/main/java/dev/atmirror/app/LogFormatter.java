package dev.atmirror.app;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * One line a record: time, level, logger, message, and the causes of what was thrown, each by its first line. The stack is
 * for those who ask for it, by the level FINE of the logger that wrote the record.
 */
public final class LogFormatter extends Formatter {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSZ");
    private static final int LONGEST_CHAIN = 5;

    @Override
    public String format(LogRecord record) {
        String text = formatMessage(record).strip().replaceAll("\\R\\s*", " | ");
        String line = "%s %-7s %s: %s%s%n"
                .formatted(
                        TIME.format(record.getInstant().atZone(ZoneId.systemDefault())),
                        record.getLevel().getName(),
                        record.getLoggerName(),
                        text,
                        causes(record.getThrown(), text));
        return record.getThrown() != null && wantsStacks(record) ? line + stack(record.getThrown()) : line;
    }

    private static boolean wantsStacks(LogRecord record) {
        return record.getLoggerName() != null && Logger.getLogger(record.getLoggerName()).isLoggable(Level.FINE);
    }

    /** What the message does not say yet. */
    private static String causes(Throwable thrown, String said) {
        List<String> parts = new ArrayList<>();
        for (Throwable each = thrown; each != null && parts.size() < LONGEST_CHAIN; each = each.getCause()) {
            String message = each.getMessage();
            String part = message == null ? each.getClass().getSimpleName() : message.lines().findFirst().orElse("");
            boolean isNew = !said.contains(part) && parts.stream().noneMatch(other -> other.contains(part));
            if (isNew) {
                parts.add(part);
            }
        }
        return parts.isEmpty() ? "" : " (" + String.join("; ", parts) + ")";
    }

    private static String stack(Throwable thrown) {
        java.io.StringWriter text = new java.io.StringWriter();
        thrown.printStackTrace(new java.io.PrintWriter(text));
        return text.toString();
    }
}
