package dev.atmirror.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An upstream that costs next to nothing: pages of a file of sequenced lines, sent by the kernel. For benchmarks, where
 * the upstream must not compete for the processor.
 */
public final class LogFileServer {
    private static final Pattern AFTER = Pattern.compile("after=(\\d+)");
    private static final Pattern SEQ = Pattern.compile("\"seq\":(\\d+)");
    private static final int PAGE = 1000;
    private static final int BLOCK = 1 << 22;
    private static final int HEAD = 200; // bytes of a line, among which its number is

    private final String file;
    private long[] starts = new long[1 << 20];
    private long[] seqs = new long[1 << 20];
    private int lines;
    private long end;

    private LogFileServer(Path file) throws IOException {
        this.file = file.toString();
        index(file);
    }

    public static void main(String[] arguments) throws IOException {
        serve(Vertx.vertx(), Path.of(arguments[0]), Integer.parseInt(arguments[1]));
    }

    /** @param port 0 for any */
    static Future<HttpServer> serve(Vertx vertx, Path file, int port) throws IOException {
        LogFileServer server = new LogFileServer(file);
        return vertx.createHttpServer()
                .requestHandler(server::answer)
                .listen(port, "127.0.0.1")
                .onSuccess(ready -> System.out.println("serving " + server.lines + " operations"));
    }

    /** Block by block: one mapped buffer would end at 2 GB. */
    private void index(Path path) throws IOException {
        byte[] head = new byte[HEAD];
        int length = 0;
        long start = 0;
        long at = 0;
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            while (channel.read(block.clear()) > 0) {
                byte[] bytes = block.array();
                for (int i = 0; i < block.position(); i++, at++) {
                    if (bytes[i] == '\n') {
                        add(head, length, start);
                        start = at + 1;
                        length = 0;
                    } else if (length < HEAD) {
                        head[length++] = bytes[i];
                    }
                }
            }
        }
        end = start;
    }

    private void add(byte[] head, int length, long start) {
        Matcher seq = SEQ.matcher(new String(head, 0, length, StandardCharsets.UTF_8));
        if (!seq.find()) {
            throw new IllegalArgumentException("no seq at the head of line " + lines);
        }
        if (lines == starts.length) {
            starts = Arrays.copyOf(starts, lines * 2);
            seqs = Arrays.copyOf(seqs, lines * 2);
        }
        starts[lines] = start;
        seqs[lines++] = Long.parseLong(seq.group(1));
    }

    private void answer(HttpServerRequest request) {
        Matcher after = AFTER.matcher(String.valueOf(request.query()));
        long cursor = after.find() ? Long.parseLong(after.group(1)) : 0;
        int found = Arrays.binarySearch(seqs, 0, lines, cursor);
        int from = found >= 0 ? found + 1 : -found - 1;
        int to = Math.min(lines, from + PAGE);
        request.response().putHeader("Content-Type", "application/jsonlines");
        if (from == to) {
            request.response().end();
        } else {
            long stop = to == lines ? end : starts[to];
            request.response().sendFile(file, starts[from], stop - starts[from] - 1);
        }
    }
}
