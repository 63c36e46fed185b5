package dev.atmirror.snapshot;

import dev.atmirror.identity.Cid;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.function.IntFunction;

/**
 * A file whose log is restored by pages.
 *
 * @param identity tells it from other files and from later ones of its name: where it is restored once more, this says so
 * @param whole whether it holds the log from its beginning, in whatever order
 * @param handsOver whether the upstream's cursor moves in the end; else whoever restores the file sets cursors
 * @param pages of so many operations, from the beginning of the file; to be called once
 */
public record RestoreSource(SnapshotInput input, String identity, boolean whole, boolean handsOver, IntFunction<RestoredPages> pages) {
    private static final int BEGINNING = 1 << 16;
    private static final int SHOWN = 8; // bytes of its digest: enough besides name and size

    /**
     * @param text decompressed, at its beginning; of which marks are supported
     * @param format JSON lines or the seed project's log
     */
    public static RestoreSource of(SnapshotInput input, InputStream text, SnapshotFormat format) throws IOException {
        String identity = identity(input, text);
        return switch (format) {
            case JSON_LINES -> new RestoreSource(input, identity, false, true, size -> new JsonLinesPages(text, size));
            case SEED_LOG -> new RestoreSource(input, identity, true, true, size -> new SeedLogPages(input.name(), text, size));
            default -> throw new IllegalArgumentException(format + " is no log of lines");
        };
    }

    /** By name, size and beginning: what must be known before the first page. Leaves the stream where it was. */
    public static String identity(SnapshotInput input, InputStream text) throws IOException {
        text.mark(BEGINNING + 1);
        String digest = HexFormat.of().formatHex(Cid.sha256(text.readNBytes(BEGINNING)), 0, SHOWN);
        text.reset();
        return input.name() + ' ' + input.totalBytes() + ' ' + digest;
    }
}
