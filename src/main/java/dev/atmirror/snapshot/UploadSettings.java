package dev.atmirror.snapshot;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * @param remote in rclone's notation, as r2:bucket/path; empty where none is set
 * @param rclone the program; empty looks through the folders
 * @param folders in the order in which they are looked through
 */
public record UploadSettings(String remote, Optional<Path> rclone, List<Path> folders) {
    /** @throws SnapshotFailure with the remedy where there is no remote to send to */
    String to(String file) {
        if (remote.isEmpty()) {
            throw new SnapshotFailure("there is nowhere to upload to: set atmirror.snapshot.upload-remote to a remote of rclone's,"
                    + " such as r2:bucket/path (`rclone config` makes one)");
        }
        return remote + (remote.endsWith(":") || remote.endsWith("/") ? "" : "/") + file;
    }
}
