package dev.atmirror.app;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who uses a data folder, by locks on two files: whoever starts or stops its server holds {@code postgres.lock} alone,
 * and every process that uses it shares {@code postgres.users}. The operating system gives up the locks of a process that
 * is killed. Sessions of the database alone would not do: those of a process outlive it for a moment, and then the last one
 * to leave takes its own for another's, and leaves the server running. They tell of older versions only ({@link OlderSessions}).
 *
 * <p>Such locks belong to the process, so uses within this one are counted.
 */
final class FolderUse {
    private static final Logger LOG = LoggerFactory.getLogger(FolderUse.class);
    private static final Duration ASK_AGAIN = Duration.ofMillis(100);
    private static final Duration SAY_AFTER = Duration.ofSeconds(3);
    private static final ConcurrentMap<Path, FolderUse> HERE = new ConcurrentHashMap<>();

    private final Path folder;
    private final ReentrantLock turn = new ReentrantLock();
    private int uses;
    private Instant since = Instant.MAX;
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

    /**
     * Waits for its turn, which another process may hold for as long as its server recovers.
     *
     * @param givenUp asked while it waits
     * @throws IOException where the wait is given up
     */
    <T> T alone(BooleanSupplier givenUp, Work<T> work) throws IOException {
        while (!turn.tryLock()) {
            pause(givenUp);
        }
        try (FileChannel mine = open("postgres.lock");
                FileLock ignored = lock(mine, givenUp)) {
            return work.run();
        } finally {
            turn.unlock();
        }
    }

    private FileLock lock(FileChannel mine, BooleanSupplier givenUp) throws IOException {
        Instant sayAt = Instant.now().plus(SAY_AFTER);
        boolean said = false;
        FileLock lock = mine.tryLock(); // lock() would heed no signal
        while (lock == null) {
            if (!said && Instant.now().isAfter(sayAt)) {
                said = true;
                LOG.info("waiting for another at-mirror, which starts or stops the PostgreSQL of {}", folder);
            }
            pause(givenUp);
            lock = mine.tryLock();
        }
        return lock;
    }

    private void pause(BooleanSupplier givenUp) throws IOException {
        if (givenUp.getAsBoolean()) {
            throw new IOException("the program stops while it waits for another at-mirror, which starts or stops the PostgreSQL of "
                    + folder);
        }
        try {
            Thread.sleep(ASK_AGAIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while another at-mirror starts or stops the PostgreSQL of " + folder, e);
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
            since = Instant.now();
        }
        uses++;
    }

    /** When this process began to use the folder. Only within {@link #alone}. */
    Instant since() {
        return since;
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
