package dev.atmirror.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** Issue 12, C16: what goes wrong takes one line. */
class LogFormatterTest {
    private static final Logger LOGGER = Logger.getLogger("dev.atmirror.app.LogFormatterTest.logger");

    private static String format(String message, Throwable thrown) {
        LogRecord record = new LogRecord(Level.WARNING, message);
        record.setLoggerName(LOGGER.getName());
        record.setThrown(thrown);
        return new LogFormatter().format(record);
    }

    private static Throwable lost() {
        return new IllegalStateException(
                "reading the head", new java.io.IOException("Connection refused\nat somewhere", new RuntimeException()));
    }

    @Test
    void format_ofAFailure_isOneLineWithItsCauses() {
        assertThat(format("stored nothing", lost()))
                .hasLineCount(1)
                .endsWith("WARNING " + LOGGER.getName() + ": stored nothing (reading the head; Connection refused; RuntimeException)"
                        + System.lineSeparator());
        assertThat(format("reading the head: Connection refused", lost())).endsWith("Connection refused (RuntimeException)" + System.lineSeparator());
        assertThat(format("a\n    b\r\nc", null)).contains(": a | b | c").hasLineCount(1);
    }

    @Test
    void format_forThoseWhoAskForDetails_hasTheStack() {
        LOGGER.setLevel(Level.FINE);
        try {
            assertThat(format("stored nothing", lost())).contains("\tat dev.atmirror.app.LogFormatterTest.lost");
        } finally {
            LOGGER.setLevel(null);
        }
    }
}
