package dev.atmirror.snapshot;

import dev.atmirror.store.DamagedRows;
import dev.atmirror.store.StorageException;

/** Says in one line what ended a restore, and what to do about it. */
public final class RestoreFailures {
    private static final String NOTHING = "; nothing of it was restored";

    private RestoreFailures() {}

    /** @param file its name */
    public static RuntimeException explained(String file, Exception failure) {
        if (failure instanceof DamagedRows damaged) {
            return new SnapshotFailure(file + " is damaged: " + damaged.getMessage() + NOTHING, damaged);
        }
        if (failure instanceof StorageException storage) {
            return new SnapshotFailure(storage(file, storage), storage);
        }
        return failure instanceof RuntimeException other ? other : new SnapshotFailure(String.valueOf(failure.getMessage()), failure);
    }

    private static String storage(String file, StorageException failure) {
        String said = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        if (failure.isDiskFull()) {
            return "the database's disk is full" + NOTHING + ". Make room there and restore " + file + " again: its tables take"
                    + " about twice what the file does, and building indexes needs some of that once more for a while (" + said + ")";
        }
        if (failure.isLocked()) {
            return "another program holds the tables that " + file + " goes into; stop it first (" + said + ")";
        }
        return failure.isOfTheRows() ? file + " is damaged: " + said + NOTHING : said + NOTHING;
    }
}
