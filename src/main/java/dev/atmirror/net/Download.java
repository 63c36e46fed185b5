package dev.atmirror.net;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file from a server that the user names, as one stream that outlives its connections. Every byte is handed out once and in
 * its place, and all of them are of one version of the file; where the server does not let that be, reading fails with
 * {@link DownloadFailure}. Nothing is kept, so a file of any size takes no room.
 *
 * <p>After a cut it asks for the rest. It gives up only when a row of tries, each after twice the pause, brought not a byte.
 */
public final class Download extends InputStream {
    private static final int TRIES = 8;
    private static final int PAUSES = (1 << TRIES) - 1; // all of them, in units of the first
    private static final int SILENCES = 10; // of a connection, in the whole patience
    /** Said of a server that never answered: by a name misspelt, most likely, so nobody should wait for it. */
    private static final Set<FetchFailure.Kind> HOPELESS = Set.of(
            FetchFailure.Kind.UNKNOWN_HOST,
            FetchFailure.Kind.TLS,
            FetchFailure.Kind.REDIRECTS,
            FetchFailure.Kind.MALFORMED);

    private static final Logger LOG = LoggerFactory.getLogger(Download.class);

    private final RemoteFile file;
    private final Duration patience;
    private final CountDownLatch closed = new CountDownLatch(1);
    private Optional<InputStream> body = Optional.empty();
    private final MessageDigest digest = RemoteFile.sha256(); // of all bytes handed out
    private volatile long position;
    private volatile long length = -1;
    private boolean answered;
    private int tries; // since the last byte

    private Download(RemoteFile file, Duration patience) {
        this.file = file;
        this.patience = patience;
    }

    /**
     * Asks for the file, and waits until its first byte can be read.
     *
     * @param uri of http or https
     * @param patience how long the pauses before the next byte may be, all together; a tenth of it is waited for any one answer
     * @throws DownloadFailure where it cannot be had
     */
    public static Download open(URI uri, String userAgent, Duration patience) throws IOException {
        Download download = new Download(new RemoteFile(uri, userAgent, patience.dividedBy(SILENCES)), patience);
        try {
            while (download.body.isEmpty()) {
                download.connect();
            }
            return download;
        } catch (IOException | RuntimeException e) {
            download.close();
            throw e;
        }
    }

    private void connect() throws IOException {
        try {
            body = Optional.of(file.from(position, copy(digest)));
            length = file.length();
            answered = true;
        } catch (DownloadFailure e) {
            throw e;
        } catch (IOException e) {
            waitOrGiveUp(e);
        }
    }

    private static MessageDigest copy(MessageDigest digest) {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's SHA-256 can be cloned", e);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int count) throws IOException {
        if (count == 0) {
            return 0;
        }
        while (true) {
            if (body.isEmpty()) {
                connect();
                continue;
            }
            try {
                int read = took(body.get().read(bytes, from, count));
                if (read > 0) {
                    digest.update(bytes, from, read);
                }
                return read;
            } catch (DownloadFailure e) {
                throw e;
            } catch (IOException e) {
                body = Optional.empty();
                file.letGo();
                waitOrGiveUp(e);
            }
        }
    }

    private int took(int count) throws IOException {
        if (count < 0 && position < length) {
            throw new EOFException("the answer ends before the file does");
        } else if (count > 0) {
            position += count;
            tries = 0;
        }
        if (length >= 0 && position > length) {
            throw new DownloadFailure(file.present() + ": the server sends more than the " + length + " bytes that it announced");
        }
        return count;
    }

    private void waitOrGiveUp(IOException cause) throws IOException {
        if (closed.getCount() == 0) {
            throw new IOException("closed", cause);
        }
        FetchFailure failure = FetchFailure.of(cause);
        String why = cause instanceof RemoteFile.NotNow ? cause.getMessage() : failure.message();
        if (!answered && (HOPELESS.contains(failure.kind()) || cause instanceof ConnectException)) {
            throw new DownloadFailure(file.present() + " cannot be had: " + why, cause);
        }
        if (tries == TRIES) {
            throw new DownloadFailure(
                    file.present() + ": given up at byte " + position + ", after " + TRIES + " tries that brought nothing; the last: " + why, cause);
        }
        Duration pause = pause(cause);
        tries++;
        LOG.warn("{} stopped at byte {}: {}; it goes on from there in {} s", file.present(), position, why, pause.toMillis() / 1e3);
        try {
            if (closed.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IOException("closed", cause);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private Duration pause(IOException cause) {
        Duration own = patience.dividedBy(PAUSES).multipliedBy(1L << tries);
        Duration wanted = cause instanceof RemoteFile.NotNow notNow ? notNow.retryAfter : Duration.ZERO;
        Duration most = patience.dividedBy(2);
        Duration bounded = wanted.compareTo(most) < 0 ? wanted : most;
        return own.compareTo(bounded) < 0 ? bounded : own;
    }

    /** Where the file is, behind redirects. */
    public URI location() {
        return file.present();
    }

    /** Bytes of the whole file; negative where the server does not say. */
    public long length() {
        return length;
    }

    /** Also ends a read that waits in another thread. */
    @Override
    public void close() {
        closed.countDown();
        file.close();
    }
}
