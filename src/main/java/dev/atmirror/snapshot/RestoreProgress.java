package dev.atmirror.snapshot;

/**
 * How far one of the steps is, which follow each other and take more or less long.
 *
 * @param doing as a word for a person: loading
 * @param done bytes, operations, …
 * @param unit of it
 * @param share of this step that is done, 0 to 1; negative where nobody knows
 */
public record RestoreProgress(String doing, long done, String unit, double share) {
    static final String BYTES = "bytes";

    static RestoreProgress of(String doing, long done, String unit, long all) {
        return new RestoreProgress(doing, done, unit, all > 0 ? Math.min(1, (double) done / all) : -1);
    }

    /** By how much of the file is read. */
    public static RestoreProgress ofFile(String doing, SnapshotInput input) {
        return of(doing, input.bytesRead(), BYTES, input.totalBytes());
    }

    public boolean isInBytes() {
        return unit.equals(BYTES);
    }
}
