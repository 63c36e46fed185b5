package dev.atmirror.snapshot;

/**
 * @param level of zstd, 1 to 19
 * @param threads that compress
 * @param keep dumps of each name that stay
 * @param verified whether the mirror verifies signatures
 * @param tool name and version of this program
 */
public record SnapshotSettings(int level, int threads, int keep, boolean verified, String tool) {
    private static final int HIGHEST_LEVEL = 19; // beyond it whoever restores needs far more memory

    public SnapshotSettings {
        if (level < 1 || level > HIGHEST_LEVEL) {
            throw new IllegalArgumentException("atmirror.snapshot.level is between 1 and " + HIGHEST_LEVEL + ", not " + level);
        }
        if (keep < 1) {
            throw new IllegalArgumentException("atmirror.snapshot.keep begins at 1, which is the dump just made");
        }
        if (threads < 1) {
            throw new IllegalArgumentException("atmirror.snapshot.threads begins at 0, which is one for each processor");
        }
    }
}
