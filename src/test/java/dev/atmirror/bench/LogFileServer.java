package dev.atmirror.bench;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.MappedByteBuffer;
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
        LogFileServer server = new LogFileServer(Path.of(arguments[0]));
        Vertx.vertx()
                .createHttpServer()
                .requestHandler(server::answer)
                .listen(Integer.parseInt(arguments[1]), "127.0.0.1")
                .onSuccess(ready -> System.out.println("serving " + server.lines + " operations"));
    }

    private void index(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            MappedByteBuffer map = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            end = channel.size();
            long start = 0;
            for (int i = 0; i < map.limit(); i++) {
                if (map.get(i) == '\n') {
                    add(map, start, i);
                    start = i + 1L;
                }
            }
        }
    }

    private void add(MappedByteBuffer map, long start, int stop) {
        byte[] head = new byte[(int) Math.min(200, stop - start)];
        map.get((int) start, head);
        Matcher seq = SEQ.matcher(new String(head, StandardCharsets.UTF_8));
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
