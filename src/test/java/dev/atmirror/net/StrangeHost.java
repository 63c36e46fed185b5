package dev.atmirror.net;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A host on loopback that answers each request with the bytes that the test says, right or wrong. */
public final class StrangeHost implements AutoCloseable {
    private static final int PAUSE_MILLIS = 20;

    /** Writes one answer. Its pauses end when the host is closed. */
    @FunctionalInterface
    public interface Answer {
        void write(Request request, OutputStream out) throws IOException;
    }

    /** The head of a request, as it came. */
    public record Request(List<String> lines, StrangeHost host) {
        public String path() {
            return lines.get(0).split(" ")[1];
        }

        public boolean has(String header) {
            return lines.stream().anyMatch(line -> line.toLowerCase().startsWith(header + ":"));
        }

        /** Breaks all connections without a farewell (RST), once this answer ends. */
        public void reset() throws IOException {
            for (Socket socket : host.sockets) {
                socket.setSoLinger(true, 0);
            }
            throw new IOException("reset");
        }

        /** A little while, between two bytes. */
        public void pause() throws IOException {
            try {
                if (host.closed.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                    throw new IOException("closed");
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    private final ServerSocket server;
    private final Answer answer;
    private final boolean readsRequests;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();

    public final List<Request> requests = new CopyOnWriteArrayList<>();
    public final AtomicInteger connections = new AtomicInteger();

    public StrangeHost(Answer answer) {
        this(answer, true, ServerSocketFactory.getDefault());
    }

    private StrangeHost(Answer answer, boolean readsRequests, ServerSocketFactory sockets) {
        this.answer = answer;
        this.readsRequests = readsRequests;
        try {
            this.server = sockets.createServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    /** The same bytes for every request. */
    public static StrangeHost saying(String bytes) {
        return new StrangeHost((request, out) -> out.write(bytes.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** One that does not even listen before it speaks. */
    public static StrangeHost speakingFirst(Answer answer) {
        return new StrangeHost(answer, false, ServerSocketFactory.getDefault());
    }

    /** One with TLS and a certificate for localhost that nobody has signed but itself. */
    public static StrangeHost withOwnCertificate(Answer answer) throws Exception {
        Path file = Files.createTempDirectory("tls").resolve("host.p12");
        String[] keytool = {
            System.getProperty("java.home") + "/bin/keytool", "-genkeypair", "-alias", "host", "-keyalg", "EC", "-dname",
            "CN=localhost", "-storetype", "PKCS12", "-storepass", "changeit", "-keystore", file.toString()
        };
        if (new ProcessBuilder(keytool).redirectErrorStream(true).start().waitFor() != 0) {
            throw new IOException("keytool failed");
        }
        KeyStore store = KeyStore.getInstance(file.toFile(), "changeit".toCharArray());
        Files.delete(file);
        Files.delete(file.getParent());
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, "changeit".toCharArray());
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), null, null);
        return new StrangeHost(answer, true, tls.getServerSocketFactory());
    }

    public static String ok(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    public static String redirect(String location) {
        return "HTTP/1.1 302 Found\r\nLocation: " + location + "\r\nContent-Length: 0\r\n\r\n";
    }

    public static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    public int port() {
        return server.getLocalPort();
    }

    public String url() {
        return "http://127.0.0.1:" + port();
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private void accept() {
        while (true) {
            try {
                Socket socket = server.accept();
                connections.incrementAndGet();
                sockets.add(socket);
                start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            while (true) {
                List<String> head = readsRequests ? in.lines().takeWhile(line -> !line.isEmpty()).toList() : List.of();
                if (readsRequests && head.isEmpty()) {
                    return;
                }
                Request request = new Request(head, this);
                requests.add(request);
                answer.write(request, socket.getOutputStream());
                socket.getOutputStream().flush();
            }
        } catch (IOException | UncheckedIOException e) {
            // The client hung up, or the answer wants to.
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(null, work, "strange-host", 256 << 10);
        thread.setDaemon(true);
        thread.start();
    }
}
