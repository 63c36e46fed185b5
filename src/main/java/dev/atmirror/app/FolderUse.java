package dev.atmirror.app;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Who uses a data folder, by locks on two files: whoever starts or stops its server holds {@code postgres.lock} alone,
 * and every process that uses it shares {@code postgres.users}. The operating system gives up the locks of a process that
 * is killed. Sessions of the database would not do: those of a process outlive it for a moment, and then the last one to
 * leave takes its own for another's, and leaves the server running.
 *
 * <p>Such locks belong to the process, so uses within this one are counted.
 */
final class FolderUse {
    private static final ConcurrentMap<Path, FolderUse> HERE = new ConcurrentHashMap<>();

    private final Path folder;
    private final ReentrantLock turn = new ReentrantLock();
    private int uses;
    private FileChannel channel;
    private FileLock share;

    private FolderUse(Path folder) {
        this.folder = folder;
    }

    /** @param folder that exists */
    static FolderUse of(Path folder) throws IOException {
        return HERE.computeIfAbsent(folder.toRealPath(), FolderUse::new);
    }

    /** What is done while nobody else starts, stops, enters or leaves. */
    interface Work<T> {
        T run() throws IOException;
    }

    <T> T alone(Work<T> work) throws IOException {
        turn.lock();
        try (FileChannel mine = open("postgres.lock");
                FileLock ignored = mine.lock()) {
            return work.run();
        } finally {
            turn.unlock();
        }
    }

    private FileChannel open(String name) throws IOException {
        return FileChannel.open(
                folder.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** Begins to use the folder. Only within {@link #alone}. */
    void enter() throws IOException {
        if (uses == 0) {
            channel = open("postgres.users");
            share = channel.lock(0, Long.MAX_VALUE, true);
        }
        uses++;
    }

    /** Ends one use. Only within {@link #alone}. @return whether nobody uses the folder any more */
    boolean leave() throws IOException {
        uses--;
        if (uses > 0) {
            return false;
        }
        share.release();
        try (FileChannel mine = channel;
                FileLock all = mine.tryLock()) {
            return all != null;
        }
    }

    /** Whether somebody uses the folder. Only within {@link #alone}. */
    boolean isUsed() throws IOException {
        if (uses > 0) {
            return true;
        }
        if (!Files.exists(folder.resolve("postgres.users"))) {
            return false;
        }
        try (FileChannel mine = open("postgres.users");
                FileLock all = mine.tryLock()) {
            return all == null;
        }
    }
}
