package dev.atmirror.snapshot;

import dev.atmirror.plc.ExportLines;
import dev.atmirror.plc.UnreadableLine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * JSON lines of either format of {@code /export}: from the directory itself, {@code goat plc dump} or
 * {@code at-mirror plc export}. A line that is no operation is kept as such, and the next one is read.
 */
public final class JsonLinesPages implements RestoredPages {
    private static final int MOST_BYTES = 4 << 20; // of a page, should all its lines be long ones
    private static final int KEPT_OF_A_LONG_LINE = 1 << 12; // which is no operation whatever else it is

    private final InputStream in;
    private final Lines lines;
    private final int pageSize;
    private long rows;
    private boolean ended;

    public JsonLinesPages(InputStream in, int pageSize) {
        this.in = in;
        this.lines = new Lines(in);
        this.pageSize = pageSize;
    }

    @Override
    public Optional<RestoredPage> next() throws IOException {
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        int count = 0;
        while (!ended && count < pageSize && page.size() < MOST_BYTES) {
            ended = !lines.next();
            if (!ended) {
                count++;
                take(page);
            }
        }
        if (count == 0) {
            return Optional.empty();
        }
        long before = rows;
        rows += count;
        ExportLines read = ExportLines.ofFile(page.toByteArray());
        List<UnreadableLine> unparsable = read.unparsable().stream().map(line -> line.shifted(before)).toList();
        return Optional.of(
                new RestoredPage(read.operations(), unparsable, List.of(), rows, read.lastLineBroken(), Optional.of(lines.digest())));
    }

    /** Of a line that is too long to be an operation its beginning, which is no JSON. */
    private void take(ByteArrayOutputStream page) {
        page.write(lines.bytes(), 0, lines.isTooLong() ? KEPT_OF_A_LONG_LINE : lines.length());
        if (!lines.isOpen()) {
            page.write('\n');
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
