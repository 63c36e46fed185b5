package dev.atmirror.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A line to a server that breaks in the middle of large answers, so many times; then it holds. */
final class BreakingLine implements AutoCloseable {
    private static final int LARGE = 5_000; // manifests and redirects are smaller

    private final URI server;
    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Deque<Integer> breaks = new ArrayDeque<>();
    private final AtomicInteger broken = new AtomicInteger();

    /** @param breaks after so many bytes each */
    BreakingLine(URI server, Integer... breaks) throws IOException {
        this.server = server;
        this.breaks.addAll(List.of(breaks));
        start(this::accept);
    }

    String url() {
        return "http://127.0.0.1:" + listening.getLocalPort();
    }

    int broken() {
        return broken.get();
    }

    private void accept() {
        while (true) {
            try {
                Socket near = listening.accept();
                Socket far = new Socket(server.getHost(), server.getPort());
                start(() -> pass(near, far, Long.MAX_VALUE));
                start(() -> pass(far, near, next()));
            } catch (IOException e) {
                return;
            }
        }
    }

    private synchronized long next() {
        Integer most = breaks.peek();
        return most == null ? Long.MAX_VALUE : most;
    }

    private void pass(Socket from, Socket to, long most) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[1024];
            long passed = 0;
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                out.write(buffer, 0, count);
                passed += count;
                if (passed >= most) {
                    synchronized (this) {
                        breaks.poll();
                    }
                    broken.incrementAndGet();
                    return;
                }
            }
        } catch (IOException e) {
            // One side hung up.
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "breaking-line");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
