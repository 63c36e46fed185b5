package dev.atmirror.api;

import static dev.atmirror.testkit.KnownAccounts.did;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.app.IdentityUnderTest;
import dev.atmirror.identity.Json;
import dev.atmirror.testkit.KnownAccounts;
import dev.atmirror.testkit.TestDatabase;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code GET /changes/stream}, with the JDK's WebSocket client. */
class ChangeStreamIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private final TestDatabase database = TestDatabase.create();
    private IdentityUnderTest api;

    @BeforeEach
    void start() {
        database.migrate();
        KnownAccounts.fill(database);
        api = new IdentityUnderTest(database);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    /** One reader with all that it got. */
    private final class Reader implements WebSocket.Listener {
        final List<JsonNode> lines = new CopyOnWriteArrayList<>();
        final WebSocket socket;
        volatile String closed = "";
        private final StringBuilder text = new StringBuilder();

        Reader(String query) throws Exception {
            URI http = api.address("/changes/stream" + query);
            socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(URI.create("ws" + http.toString().substring("http".length())), this)
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                try {
                    lines.add(Json.parse(text.toString()));
                } catch (JsonProcessingException e) {
                    throw new IllegalStateException(e);
                }
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed = code + " " + reason;
            return null;
        }

        List<JsonNode> await(int count) {
            org.awaitility.Awaitility.await().atMost(PATIENCE).until(() -> lines.size() >= count);
            return lines;
        }
    }

    private void rename(int operation, String handle) {
        database.run("insert into plc_operation select " + operation + ", now(), head, id, 1, 1, 0, 'o', false, false, 'c" + operation
                + "', '\\x00', 'zSigning', '" + handle + "' from plc_account where id = 2;"
                + " update plc_account set head = " + operation + " where id = 2");
    }

    @Test
    void stream_fromTheBeginning_givesWhatIsThereAndThenWhatComes() throws Exception {
        Reader reader = new Reader("?cursor=0");
        assertThat(reader.await(20)).hasSize(20);
        rename(19, "new.test");
        JsonNode change = reader.await(21).get(20);
        assertThat(change.get("cursor").textValue()).isEqualTo("19-2");
        assertThat(change.at("/handle/is").textValue()).isEqualTo("new.test");
    }

    @Test
    void stream_withoutACursor_beginsNow() throws Exception {
        Reader reader = new Reader("");
        assertThat(reader.await(1).get(0).toString()).as("where it begins").isEqualTo("{\"cursor\":\"18-2\"}");
        rename(19, "new.test");
        database.run("insert into handle_change (operation, account, was, result) values (19, 2, '-', 'v')");
        reader.await(3);
        assertThat(reader.lines).extracting(line -> line.get("cursor").textValue()).containsExactly("18-2", "19-2", "19-3");
    }

    @Test
    void stream_withAFilter_passesOverTheRest() throws Exception {
        Reader handles = new Reader("?cursor=0&kind=handle&did=" + did("bob"));
        Reader keys = new Reader("?kind=key");
        keys.await(1);
        rename(19, "new.test");
        rename(20, "newer.test");
        assertThat(handles.await(2)).extracting(line -> line.at("/handle/is").textValue()).containsExactly("new.test", "newer.test");
        assertThat(keys.lines).hasSize(1);
    }

    @Test
    void stream_ofMoreThanOnePage_isWhole() throws Exception {
        database.run("insert into plc_account select i, i, 'x' || i from generate_series(101, 2100) i");
        database.run("insert into plc_operation select i, now(), 0, i, 1, 1, 0, 'o', false, false, 'c' || i, '', 'k', 'h' || i || '.test'"
                + " from generate_series(101, 2100) i");
        Reader reader = new Reader("?cursor=18-2");
        reader.await(2000);
        assertThat(reader.lines).extracting(line -> line.get("cursor").textValue()).doesNotHaveDuplicates().hasSize(2000);
    }

    @Test
    void stream_fromACursorThatIsNotOurs_isRefused() {
        for (String query : List.of("?cursor=x", "?kind=x", "?did=x")) {
            assertThat(refusal(query)).as(query).isEqualTo(400);
        }
    }

    @Test
    void stream_fromACursorAheadOfUs_isClosedWithTheReason() throws Exception {
        Reader reader = new Reader("?cursor=99-0");
        await().atMost(PATIENCE).until(() -> reader.closed.startsWith("1000 FutureCursor"));
    }

    private int refusal(String query) {
        try {
            new Reader(query);
            return 101;
        } catch (Exception e) {
            return ((WebSocketHandshakeException) e.getCause()).getResponse().statusCode();
        }
    }

    @Test
    void stream_whileTheDatabaseIsAway_goesOnWhenItIsBack() throws Exception {
        Reader reader = new Reader("");
        reader.await(1);
        database.run("alter table handle_change rename to handle_change_away");
        await().during(Duration.ofMillis(600)).atMost(PATIENCE).until(() -> !reader.socket.isInputClosed());
        database.run("alter table handle_change_away rename to handle_change");
        rename(19, "new.test");
        assertThat(reader.await(2)).hasSize(2);
    }
}
