package dev.atmirror.snapshot;

import dev.atmirror.identity.Cid;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.util.HexFormat;

/**
 * A file that is being restored, with what its beginning tells.
 *
 * @param text decompressed, at its beginning
 * @param identity tells it from other files and from later ones of its name: where it is restored once more, this says so
 */
public record RestoreSource(SnapshotInput input, BufferedInputStream text, SnapshotFormat format, String identity)
        implements Closeable {
    private static final int BEGINNING = 1 << 16;
    private static final int SHOWN = 8; // bytes of its digest: enough besides name and size

    /** @throws SnapshotFailure for a file of no known format */
    public static RestoreSource of(SnapshotInput input) throws IOException {
        BufferedInputStream text = new BufferedInputStream(input.plain(), BEGINNING);
        SnapshotFormat format = SnapshotFormat.of(input.name(), text);
        text.mark(BEGINNING + 1);
        String digest = HexFormat.of().formatHex(Cid.sha256(text.readNBytes(BEGINNING)), 0, SHOWN);
        text.reset();
        return new RestoreSource(input, text, format, input.name() + ' ' + input.totalBytes() + ' ' + digest);
    }

    /** @throws IllegalStateException where the file holds no log but for one in our own tables */
    public RestoredPages pages(int pageSize) {
        return switch (format) {
            case JSON_LINES -> new JsonLinesPages(text, pageSize);
            case SEED_LOG -> new SeedLogPages(input.name(), text, pageSize);
            default -> throw new IllegalStateException(input.name() + " holds no log to be read by pages");
        };
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
