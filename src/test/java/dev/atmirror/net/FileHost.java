package dev.atmirror.net;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A host with files, by their paths, and the ways in which such hosts fail. What is set holds from the next request on. */
public final class FileHost implements AutoCloseable {
    private static final Pattern RANGE = Pattern.compile("(?i)range: bytes=(\\d+)-");

    private final StrangeHost host = new StrangeHost(this::answer);
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final Map<String, String> redirects = new ConcurrentHashMap<>();
    private final Deque<Integer> cuts = new ArrayDeque<>();
    private final Deque<String> instead = new ArrayDeque<>();
    private volatile boolean ranges = true;
    private volatile boolean heedsConditions = true;
    private volatile boolean cutsForEver;
    private volatile long lie;
    private volatile String headers = "ETag: \"one\"\r\n";

    public FileHost with(String path, byte[] content) {
        files.put(path, content);
        return this;
    }

    public FileHost redirecting(String path, String to) {
        redirects.put(path, to);
        return this;
    }

    /** Each answer is cut after so many bytes of its body, one after the other; later ones are whole. */
    public synchronized FileHost cutting(Integer... bytes) {
        cuts.addAll(List.of(bytes));
        return this;
    }

    /** Answers nothing but so many bytes of whatever is asked for. */
    public FileHost cuttingForEver() {
        cutsForEver = true;
        return this;
    }

    /** Answers so first, byte by byte as it stands here. */
    public synchronized FileHost first(String... answers) {
        instead.addAll(List.of(answers));
        return this;
    }

    public FileHost withoutRanges() {
        ranges = false;
        return this;
    }

    /** A server of the simple kind, which gives a part whatever the condition says. */
    public FileHost withoutConditions() {
        heedsConditions = false;
        return this;
    }

    /** @param lines with their ends */
    public FileHost headers(String lines) {
        headers = lines;
        return this;
    }

    /** Announces so many bytes more than there are. */
    public FileHost lying(long more) {
        lie = more;
        return this;
    }

    public String url(String path) {
        return host.url() + path;
    }

    public List<StrangeHost.Request> requests() {
        return host.requests;
    }

    /** What was asked for with each request of a path; the whole where that is empty. */
    public List<String> ranges(String path) {
        return host.requests.stream().filter(request -> request.path().equals(path)).map(FileHost::range).toList();
    }

    private static String range(StrangeHost.Request request) {
        return request.lines().stream()
                .filter(line -> line.toLowerCase().startsWith("range: "))
                .findFirst()
                .map(line -> line.substring("range: ".length()))
                .orElse("");
    }

    private synchronized Optional<String> nextInstead() {
        return Optional.ofNullable(instead.poll());
    }

    private synchronized int nextCut() {
        return cutsForEver ? 0 : Optional.ofNullable(cuts.poll()).orElse(Integer.MAX_VALUE);
    }

    private void answer(StrangeHost.Request request, OutputStream out) throws IOException {
        Optional<String> other = nextInstead();
        if (other.isPresent()) {
            write(out, other.get());
            return;
        }
        if (redirects.containsKey(request.path())) {
            write(out, StrangeHost.redirect(redirects.get(request.path())));
            return;
        }
        byte[] content = files.get(request.path());
        if (content == null) {
            write(out, "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone");
            return;
        }
        file(request, content, out);
    }

    private void file(StrangeHost.Request request, byte[] content, OutputStream out) throws IOException {
        Matcher range = RANGE.matcher(String.join("\n", request.lines()));
        int from = ranges && range.find() && fresh(request) ? Integer.parseInt(range.group(1)) : 0;
        if (from > 0 && from >= content.length) {
            write(out, "HTTP/1.1 416 No\r\nContent-Range: bytes */" + content.length + "\r\nContent-Length: 0\r\n\r\n");
            return;
        }
        long all = content.length + lie;
        write(out, from == 0
                ? "HTTP/1.1 200 OK\r\n"
                : "HTTP/1.1 206 Part\r\nContent-Range: bytes " + from + "-" + (all - 1) + "/" + all + "\r\n");
        write(out, headers + "Content-Length: " + (all - from) + "\r\n\r\n");
        int cut = request.path().endsWith(".json") ? Integer.MAX_VALUE : nextCut(); // what is tested are large files
        out.write(content, from, Math.min(cut, content.length - from));
        out.flush();
        if (cut < content.length - from || lie > 0) {
            throw new IOException("cut");
        }
    }

    private boolean fresh(StrangeHost.Request request) {
        Optional<String> condition = request.lines().stream().filter(line -> line.startsWith("If-Range: ")).findFirst();
        return !heedsConditions
                || condition.isEmpty()
                || Arrays.stream(headers.split("\r\n")).anyMatch(line -> line.endsWith(condition.get().substring("If-Range: ".length())));
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void close() throws IOException {
        host.close();
    }
}
