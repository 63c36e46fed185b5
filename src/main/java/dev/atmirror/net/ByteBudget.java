package dev.atmirror.net;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounds the bytes that many holders keep in memory together, whatever each of them is sent.
 *
 * <p>A holder that grows while it already holds something could wait for others that wait for it. So one holder at a time
 * may go on without room: it waits for nobody, ends, and gives back what it had. At most the budget and what one such
 * holder grows by are held.
 */
public final class ByteBudget {
    private final long most;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long used;
    private Share beyond; // the one that goes on without room

    public ByteBudget(long most) {
        this.most = most;
    }

    /** What one holder has of the budget; of one thread at a time. */
    public final class Share {
        private long bytes;
        private long without; // of these, what there was no room for

        private Share() {}

        /** Grows to so many bytes, as soon as there is room. @return whether that took waiting */
        public boolean growTo(long size) throws InterruptedException {
            lock.lockInterruptibly();
            try {
                boolean waited = false;
                while (size > bytes && !tryGrow(size - bytes) && beyond != null && beyond != this) {
                    waited = true;
                    changed.await();
                }
                if (size > bytes) {
                    beyond = this;
                    without += size - bytes;
                    bytes = size;
                }
                return waited;
            } finally {
                lock.unlock();
            }
        }

        /** Adds bytes if there is room now. */
        public boolean tryAdd(long more) {
            lock.lock();
            try {
                return tryGrow(more);
            } finally {
                lock.unlock();
            }
        }

        private boolean tryGrow(long more) {
            if (used + more > most) {
                return false;
            }
            used += more;
            bytes += more;
            return true;
        }

        /** Gives back what is more than this. */
        public void shrinkTo(long size) {
            lock.lock();
            try {
                long less = Math.max(0, bytes - size);
                long lent = Math.min(less, without);
                without -= lent;
                used -= less - lent;
                bytes -= less;
                if (without == 0 && beyond == this) {
                    beyond = null;
                }
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        public void giveBack() {
            shrinkTo(0);
        }

        public long bytes() {
            return bytes;
        }
    }

    /** A holder of nothing yet. */
    public Share share() {
        return new Share();
    }

    /** Holders that wait for room. */
    public int waiting() {
        lock.lock();
        try {
            return lock.getWaitQueueLength(changed);
        } finally {
            lock.unlock();
        }
    }

    /** What all hold within the budget. */
    public long used() {
        lock.lock();
        try {
            return used;
        } finally {
            lock.unlock();
        }
    }
}
