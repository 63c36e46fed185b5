package dev.atmirror.api;

import static dev.atmirror.testkit.KnownAccounts.did;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.app.IdentityUnderTest;
import dev.atmirror.testkit.ChangeListener;
import dev.atmirror.testkit.KnownAccounts;
import dev.atmirror.testkit.TestDatabase;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
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

    private ChangeListener reader(String query) throws Exception {
        return ChangeListener.of(api.address("/changes/stream" + query));
    }

    private static List<JsonNode> await(ChangeListener reader, int count) {
        Awaitility.await().atMost(PATIENCE).until(() -> reader.lines().size() >= count);
        return reader.lines();
    }

    private void rename(int operation, String handle) {
        database.run("insert into plc_operation select " + operation + ", now(), head, id, 1, 1, 0, 'o', false, false, 'c" + operation
                + "', '\\x00', (select signing_key from plc_operation where id = head), '" + handle + "' from plc_account where id = 2;"
                + " update plc_account set head = " + operation + " where id = 2");
    }

    @Test
    void stream_fromTheBeginning_givesWhatIsThereAndThenWhatComes() throws Exception {
        ChangeListener reader = reader("?cursor=0");
        assertThat(await(reader, 20)).hasSize(20);
        rename(19, "new.test");
        JsonNode change = await(reader, 21).get(20);
        assertThat(change.get("cursor").textValue()).isEqualTo("19-2");
        assertThat(change.at("/handle/is").textValue()).isEqualTo("new.test");
    }

    @Test
    void stream_withoutACursor_beginsNow() throws Exception {
        ChangeListener reader = reader("");
        assertThat(await(reader, 1).get(0).toString()).as("where it begins").isEqualTo("{\"cursor\":\"18-2\"}");
        rename(19, "new.test");
        database.run("insert into handle_change (operation, account, was, result) values (19, 2, '-', 'v')");
        await(reader, 3);
        assertThat(reader.lines()).extracting(line -> line.get("cursor").textValue()).containsExactly("18-2", "19-2", "19-3");
    }

    @Test
    void stream_withAFilter_passesOverTheRest() throws Exception {
        ChangeListener handles = reader("?cursor=0&kind=handle&did=" + did("bob"));
        ChangeListener keys = reader("?kind=key");
        await(keys, 1);
        rename(19, "new.test");
        rename(20, "newer.test");
        assertThat(await(handles, 2)).extracting(line -> line.at("/handle/is").textValue()).containsExactly("new.test", "newer.test");
        assertThat(keys.lines()).hasSize(1);
    }

    @Test
    void stream_ofMoreThanOnePage_isWhole() throws Exception {
        database.run("insert into plc_account select i, i, 'x' || i from generate_series(101, 2100) i");
        database.run("insert into plc_operation select i, now(), 0, i, 1, 1, 0, 'o', false, false, 'c' || i, '', 'k', 'h' || i || '.test'"
                + " from generate_series(101, 2100) i");
        ChangeListener reader = reader("?cursor=18-2");
        await(reader, 2000);
        assertThat(reader.lines()).extracting(line -> line.get("cursor").textValue()).doesNotHaveDuplicates().hasSize(2000);
    }

    @Test
    void stream_fromACursorThatIsNotOurs_isRefused() {
        for (String query : List.of("?cursor=x", "?kind=x", "?did=x")) {
            assertThat(refusal(query)).as(query).isEqualTo(400);
        }
    }

    @Test
    void stream_fromACursorAheadOfUs_isClosedWithTheReason() throws Exception {
        ChangeListener reader = reader("?cursor=99-0");
        Awaitility.await().atMost(PATIENCE).until(() -> reader.closed().startsWith("1000 FutureCursor"));
    }

    private int refusal(String query) {
        try {
            reader(query);
            return 101;
        } catch (Exception e) {
            return ((WebSocketHandshakeException) e.getCause()).getResponse().statusCode();
        }
    }

    @Test
    void stream_whileTheDatabaseIsAway_goesOnWhenItIsBack() throws Exception {
        ChangeListener reader = reader("");
        await(reader, 1);
        database.run("alter table handle_change rename to handle_change_away");
        Awaitility.await().during(Duration.ofMillis(600)).atMost(PATIENCE).until(() -> reader.isOpen());
        database.run("alter table handle_change_away rename to handle_change");
        rename(19, "new.test");
        assertThat(await(reader, 2)).hasSize(2);
    }
}
