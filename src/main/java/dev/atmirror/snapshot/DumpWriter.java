package dev.atmirror.snapshot;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Compresses plain SQL into a file and takes its digest on the way. Only after {@link #finish} the file is whole and on the
 * disk; closed before that, it is deleted.
 */
final class DumpWriter extends OutputStream {
    private static final int BUFFER = 1 << 18;

    /** What was written. @param bytes compressed @param plainBytes as pg_dump gave them @param rows by table */
    record Written(String sha256, long bytes, long plainBytes, Map<String, Long> rows) {}

    private final Path file;
    private final FileChannel channel;
    private final MessageDigest digest;
    private final OutputStream zstd;
    private final CopyBlocks blocks = new CopyBlocks();
    private final Consumer<DumpWriter> eachPiece;
    private long plainBytes;
    private boolean finished;
    private boolean closed;

    /** @param threads that compress @param eachPiece called after every piece that was written */
    DumpWriter(Path file, int level, int threads, Consumer<DumpWriter> eachPiece) throws IOException {
        this.file = file;
        this.eachPiece = eachPiece;
        digest = sha256();
        channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            zstd = compressing(level, threads);
        } catch (IOException | RuntimeException | LinkageError e) { // the last: no native library for this machine
            channel.close();
            Files.delete(file);
            throw e;
        }
    }

    private OutputStream compressing(int level, int threads) throws IOException {
        OutputStream out = new DigestOutputStream(Channels.newOutputStream(channel), digest);
        ZstdOutputStreamNoFinalizer compressing =
                new ZstdOutputStreamNoFinalizer(new FilterOutputStream(out) {
                    @Override
                    public void write(byte[] bytes, int from, int count) throws IOException {
                        this.out.write(bytes, from, count); // the parent's would go byte by byte
                    }

                    @Override
                    public void close() {
                        // The file must still be forced to the disk.
                    }
                });
        return compressing.setLevel(level).setWorkers(threads).setChecksum(true);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        for (int at = from; at < from + count; at += BUFFER) {
            int piece = Math.min(BUFFER, from + count - at);
            zstd.write(bytes, at, piece);
            blocks.take(bytes, at, at + piece);
            plainBytes += piece;
            eachPiece.accept(this);
        }
    }

    CopyBlocks blocks() {
        return blocks;
    }

    long plainBytes() {
        return plainBytes;
    }

    /** The last that is called before closing. */
    Written finish() throws IOException {
        zstd.close();
        channel.force(true);
        Written written =
                new Written(HexFormat.of().formatHex(digest.digest()), channel.size(), plainBytes, blocks.rows());
        channel.close();
        finished = true;
        return written;
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        if (!finished) {
            channel.close(); // first, so that zstd's last words fail instead of filling the disk
            try {
                zstd.close();
            } catch (IOException e) {
                // Its memory is free all the same, and the file goes.
            }
            Files.deleteIfExists(file);
        }
    }
}
