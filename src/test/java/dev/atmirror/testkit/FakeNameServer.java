package dev.atmirror.testkit;

import com.sun.net.httpserver.HttpServer;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** A name server on loopback, over UDP, TCP and HTTP, that says what it is told to, and "no such name" of all else. */
public final class FakeNameServer implements AutoCloseable {
    /** How it answers other than by records. */
    public enum Mood {
        NO_SUCH_NAME,
        NO_DATA,
        SERVER_FAILURE,
        REFUSED,
        SILENT,
        /** answers somebody else's question */
        WRONG_ID,
        /** says by UDP that there is more than fits */
        TRUNCATED
    }

    private static final int LARGEST = 4096;

    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final HttpServer http;
    private final Map<String, List<Record>> records = new ConcurrentHashMap<>();
    private final Map<String, Mood> moods = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final AtomicInteger stuck = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile int httpStatus = 200;
    private volatile Map<String, String> httpHeaders = Map.of();
    private volatile byte[] says = new byte[0];

    private FakeNameServer() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        tcp = new ServerSocket(0, 50, loopback);
        udp = new DatagramSocket(tcp.getLocalPort(), loopback);
        http = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
        http.setExecutor(threads);
        http.createContext("/dns-query", exchange -> {
            byte[] other = says;
            if (takeStuck()) {
                awaitClosed();
            }
            try (exchange) {
                String query = exchange.getRequestURI().getQuery(); // dns=… of a GET
                byte[] question = query == null
                        ? exchange.getRequestBody().readAllBytes()
                        : Base64.getUrlDecoder().decode(query.substring("dns=".length()));
                byte[] answer = answer(question, "https").orElse(new byte[0]);
                byte[] body = other.length > 0 ? other : answer;
                exchange.getResponseHeaders().set("Content-Type", "application/dns-message");
                httpHeaders.forEach(exchange.getResponseHeaders()::set);
                exchange.sendResponseHeaders(httpStatus, body.length);
                exchange.getResponseBody().write(body);
            }
        });
    }

    public static FakeNameServer start() {
        while (true) {
            try {
                FakeNameServer server = new FakeNameServer();
                server.http.start();
                daemon("udp", server::serveUdp);
                daemon("tcp", server::serveTcp);
                return server;
            } catch (java.net.BindException e) {
                // The port that is free for TCP is taken for UDP: another one.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, "name-server-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    /** As {@code atmirror.handles.resolvers} takes it. */
    public String address() {
        return "127.0.0.1:" + tcp.getLocalPort();
    }

    public String overHttp() {
        return "http://127.0.0.1:" + http.getAddress().getPort() + "/dns-query";
    }

    /** One more TXT record. @param strings that it consists of */
    public FakeNameServer txt(String name, String... strings) {
        return add(name, new TXTRecord(absolute(name), DClass.IN, 60, Arrays.asList(strings)));
    }

    public FakeNameServer address(String name) {
        return add(name, new ARecord(absolute(name), DClass.IN, 60, InetAddress.getLoopbackAddress()));
    }

    public FakeNameServer alias(String name, String target) {
        return add(name, new CNAMERecord(absolute(name), DClass.IN, 60, absolute(target)));
    }

    private FakeNameServer add(String name, Record record) {
        records.computeIfAbsent(name, n -> new CopyOnWriteArrayList<>()).add(record);
        return this;
    }

    public FakeNameServer forget(String name) {
        records.remove(name);
        moods.remove(name);
        return this;
    }

    public FakeNameServer mood(String name, Mood mood) {
        moods.put(name, mood);
        return this;
    }

    /** Questions so far, as {@code udp TXT _atproto.alice.test}. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    private static Name absolute(String name) {
        return Name.fromConstantString(name + ".");
    }

    private void serveUdp() {
        byte[] buffer = new byte[LARGEST];
        while (!udp.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                udp.receive(packet);
                Optional<byte[]> answer = answer(Arrays.copyOf(packet.getData(), packet.getLength()), "udp");
                if (answer.isPresent()) {
                    udp.send(new DatagramPacket(answer.get(), answer.get().length, packet.getSocketAddress()));
                }
            } catch (IOException e) {
                // closed, or a question that is none
            }
        }
    }

    /** So many of the next connections by TCP, or requests over HTTP, are taken and never answered. */
    public FakeNameServer stuck(int connections) {
        stuck.set(connections);
        return this;
    }

    private void awaitClosed() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean takeStuck() {
        return stuck.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }

    /** What it answers over HTTP from now on. @param headers name and value in turn */
    public FakeNameServer overHttpAnswers(int status, String... headers) {
        Map<String, String> set = new HashMap<>();
        for (int i = 0; i < headers.length; i += 2) {
            set.put(headers[i], headers[i + 1]);
        }
        httpHeaders = set;
        httpStatus = status;
        return this;
    }

    /** The same instead of an answer. */
    public FakeNameServer overHttpSays(String body) {
        says = body.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return this;
    }

    private void serveTcp() {
        while (!tcp.isClosed()) {
            try {
                Socket socket = tcp.accept();
                threads.execute(() -> serve(socket));
            } catch (IOException e) {
                // closed
            }
        }
    }

    /** As many questions as come over it, as name servers do. */
    private void serve(Socket accepted) {
        boolean isStuck = takeStuck();
        while (!accepted.isClosed()) {
            try (Socket socket = accepted;
                    DataInputStream in = new DataInputStream(socket.getInputStream());
                    DataOutputStream out = new DataOutputStream(socket.getOutputStream())) {
                while (true) {
                    byte[] question = in.readNBytes(in.readUnsignedShort());
                    Optional<byte[]> answer = isStuck ? Optional.empty() : answer(question, "tcp");
                    if (answer.isPresent()) {
                        out.writeShort(answer.get().length);
                        out.write(answer.get());
                        out.flush();
                    }
                }
            } catch (IOException e) {
                // closed, or a question that is none
            }
        }
    }

    private Optional<byte[]> answer(byte[] wire, String over) throws IOException {
        Message question = new Message(wire);
        Record asks = question.getQuestion();
        String name = asks.getName().toString(true).toLowerCase(java.util.Locale.ROOT);
        asked.add(over + " " + Type.string(asks.getType()) + " " + name);
        Mood mood = moods.getOrDefault(name, records.containsKey(name) ? Mood.NO_DATA : Mood.NO_SUCH_NAME);
        if (mood == Mood.SILENT) {
            return Optional.empty();
        }
        int id = question.getHeader().getID();
        Message answer = new Message(mood == Mood.WRONG_ID ? id ^ 1 : id);
        answer.getHeader().setFlag(Flags.QR);
        answer.getHeader().setFlag(Flags.RA);
        answer.addRecord(asks, Section.QUESTION);
        boolean truncated = mood == Mood.TRUNCATED && over.equals("udp");
        if (truncated) {
            answer.getHeader().setFlag(Flags.TC);
        }
        int code = CODES.getOrDefault(mood, Rcode.NOERROR);
        answer.getHeader().setRcode(code);
        for (Record record : truncated || code != Rcode.NOERROR ? List.<Record>of() : found(name, asks.getType())) {
            answer.addRecord(record, Section.ANSWER);
        }
        return Optional.of(answer.toWire());
    }

    private static final Map<Mood, Integer> CODES = new HashMap<>(Map.of(
            Mood.NO_SUCH_NAME, Rcode.NXDOMAIN, Mood.SERVER_FAILURE, Rcode.SERVFAIL, Mood.REFUSED, Rcode.REFUSED));

    private List<Record> found(String name, int type) {
        List<Record> found = new ArrayList<>();
        for (Record record : records.getOrDefault(name, List.of())) {
            if (record instanceof CNAMERecord alias) {
                found.add(alias);
                found.addAll(found(alias.getTarget().toString(true), type));
            } else if (record.getType() == type) {
                found.add(record);
            }
        }
        return found;
    }

    @Override
    public void close() {
        closed.countDown();
        udp.close();
        http.stop(0);
        threads.shutdownNow();
        try {
            tcp.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
