package dev.atmirror.bench;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Milliseconds from the commit of an operation to the message about it. {@code ChangeLagBench DATABASE-PORT HTTP-PORT} */
public final class ChangeLagBench implements WebSocket.Listener {
    private static final int CHANGES = 200;
    private static final Pattern CURSOR = Pattern.compile("\"cursor\":\"(\\d+)-");

    private final Map<Long, Long> committed = new ConcurrentHashMap<>();
    private final Map<Long, Long> received = new ConcurrentHashMap<>();
    private final CountDownLatch left = new CountDownLatch(CHANGES);

    public static void main(String[] arguments) throws Exception {
        new ChangeLagBench().measure(arguments[0], arguments[1]);
    }

    private void measure(String database, String port) throws Exception {
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + port + "/changes/stream"), this)
                .get(10, TimeUnit.SECONDS);
        String url = "jdbc:postgresql://localhost:" + database + "/postgres?user=postgres&currentSchema=public,atmirror_internal";
        try (Connection connection = DriverManager.getConnection(url);
                PreparedStatement insert = connection.prepareStatement("with o as (insert into plc_operation"
                        + " select id + ?, now(), id, account, key_set, pds, 0, 'o', false, false, md5(random()::text), '', 'k', 'h' || ? || '.test'"
                        + " from plc_operation where id = (select max(id) from plc_operation) returning id, account)"
                        + " update plc_account a set head = o.id from o where a.id = o.account returning head")) {
            for (int i = 0; i < CHANGES; i++) {
                insert.setInt(1, 1);
                insert.setInt(2, i);
                try (var rows = insert.executeQuery()) {
                    rows.next();
                    committed.put(rows.getLong(1), System.nanoTime());
                }
                left.await(20 + i % 50, TimeUnit.MILLISECONDS); // not in step with what looks for changes
            }
        }
        left.await(10, TimeUnit.SECONDS);
        socket.abort();
        long[] lags = received.entrySet().stream()
                .filter(message -> committed.containsKey(message.getKey())) // others change things, too
                .mapToLong(message -> (message.getValue() - committed.get(message.getKey())) / 1_000_000)
                .sorted()
                .toArray();
        System.out.printf("%d of %d changes, commit to message: half within %d ms, 99 %% within %d ms, all within %d ms%n",
                lags.length, CHANGES, lags[lags.length / 2], lags[lags.length * 99 / 100], Arrays.stream(lags).max().orElse(0));
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
        long now = System.nanoTime();
        Matcher cursor = CURSOR.matcher(text);
        if (cursor.find() && text.toString().contains("\"did\"")) { // the first message only says where the feed is
            received.put(Long.parseLong(cursor.group(1)), now);
            left.countDown();
        }
        socket.request(1);
        return null;
    }
}
