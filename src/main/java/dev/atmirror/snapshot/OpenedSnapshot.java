package dev.atmirror.snapshot;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * A file of which it is known what it holds.
 *
 * @param plain at its beginning
 * @param kind of a dump of our own; empty for others' formats
 */
public record OpenedSnapshot(SnapshotInput input, InputStream plain, SnapshotFormat format, Optional<DumpKind> kind) {
    private static final int BUFFER = 1 << 18;

    /** @param schema the last migration of this program, as 002 @throws SnapshotFailure for what cannot be restored here */
    public static OpenedSnapshot of(SnapshotInput input, String schema) {
        InputStream plain = new BufferedInputStream(input.plain(), BUFFER);
        try {
            SnapshotFormat format = SnapshotFormat.of(input.name(), plain);
            if (format != SnapshotFormat.OWN) {
                return new OpenedSnapshot(input, plain, format, Optional.empty());
            }
            input.manifest().ifPresent(manifest -> checkSchema(input.name(), manifest, schema));
            return new OpenedSnapshot(input, plain, format, Optional.of(kind(input)));
        } catch (IOException e) {
            throw new SnapshotFailure("cannot read " + input.name() + ": " + e.getMessage(), e);
        }
    }

    private static DumpKind kind(SnapshotInput input) {
        String name = input.manifest().map(manifest -> manifest.content().name()).orElse(input.name());
        return DumpKind.ofFile(name)
                .orElseThrow(() -> new SnapshotFailure(input.name() + " does not say which tables it is of; give it the name that"
                        + " `snapshot dump` gave it, such as plc_log_entries-raw-20260104.sql.zst, or put its manifest beside it"));
    }

    private static void checkSchema(String file, Manifest manifest, String schema) {
        try {
            if (Integer.parseInt(manifest.origin().schema()) > Integer.parseInt(schema)) {
                throw new SnapshotFailure(file + " was made by " + manifest.origin().tool() + ", whose tables are of version "
                        + manifest.origin().schema() + "; these here are of version " + schema + ", so update this one first");
            }
        } catch (NumberFormatException e) {
            throw new SnapshotFailure("the manifest of " + file + " names a version of its tables that is none", e);
        }
    }

    public String name() {
        return input.name();
    }

    /** For restoring by pages. @throws IllegalArgumentException for what holds no log of lines */
    public RestoreSource lines() {
        try {
            return RestoreSource.of(input, plain, format);
        } catch (IOException e) {
            throw new SnapshotFailure("cannot read " + name() + ": " + e.getMessage(), e);
        }
    }
}
