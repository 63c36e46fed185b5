package dev.atmirror.api;

import static dev.atmirror.testkit.KnownAccounts.did;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.app.IdentityUnderTest;
import dev.atmirror.testkit.KnownAccounts;
import dev.atmirror.testkit.SqlFiles;
import dev.atmirror.testkit.TestDatabase;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code GET /autocomplete/{prefix}}. */
class AutocompleteIT {
    private final TestDatabase database = TestDatabase.create();
    private IdentityUnderTest api;

    @BeforeEach
    void start() {
        database.migrate();
        KnownAccounts.fill(database);
        follow();
        api = new IdentityUnderTest(database);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private void follow() {
        database.run(SqlFiles.text("search/follow-log.sql"));
    }

    private List<String> complete(String typed) {
        List<String> handles = new ArrayList<>();
        api.json("/autocomplete/" + URLEncoder.encode(typed, StandardCharsets.UTF_8).replace("+", "%20"))
                .get("handles")
                .forEach(found -> handles.add(found.get("handle").textValue()));
        return handles;
    }

    @Test
    void prefix_ofSeveral_hasVerifiedOnesFirstAndTheInactiveLast() {
        assertThat(complete("al").subList(0, 4)).containsExactly("alice.test", "alina.test", "alice.test", "alison.test");
        JsonNode first = api.json("/autocomplete/al").get("handles").get(0);
        assertThat(first.get("did").textValue()).isEqualTo(did("alice"));
        assertThat(first.get("result").textValue()).isEqualTo("valid");
        assertThat(first.get("active").booleanValue()).isTrue();
    }

    @Test
    void prefix_thatIsALabel_comesBeforeLongerOnes() {
        database.run("insert into handle_name values (901, 1, 'bob-a.test'), (902, 1, 'bobby.test')");
        database.run("insert into plc_account values (901, 901, 'x1'), (902, 902, 'x2')");
        database.run("insert into plc_operation select i, now(), 0, i, 1, 1, 0, 'o', false, false, '', '', 'k', h"
                + " from (values (901, 'bob-a.test'), (902, 'bobby.test')) x (i, h)");
        assertThat(complete("bob")).containsExactly("bob.test", "bob-a.test", "bobby.test");
        assertThat(complete("bob.test")).first().isEqualTo("bob.test");
        assertThat(complete("bob.")).first().isEqualTo("bob.test");
    }

    @ParameterizedTest
    @CsvSource({"ALICE.Te, alice.test", "@alice, alice.test", "at://alice.test, alice.test", "' bob ', bob.test"})
    void prefix_asAPersonTypesIt_isUnderstood(String typed, String found) {
        assertThat(complete(typed)).first().isEqualTo(found);
    }

    @Test
    void word_thatLooksAlike_isFoundBehindWhatBeginsSo() {
        assertThat(complete("alicce")).contains("alice.test");
        assertThat(complete("graace")).contains("grace.test");
    }

    @ParameterizedTest
    @CsvSource({"aalice, alice.test", "alicee, alice.test", "ggrace, grace.test"})
    void word_mistypedAtEitherEnd_isFoundByTheOther(String typed, String found) {
        assertThat(complete(typed)).contains(found);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mün", "münchen", "MÜNCHEN.te", "mu\u0308n", "xn--mnch", "münchen.test"})
    void name_beyondAscii_isFoundAsWrittenAndAsEncoded(String typed) {
        assertThat(complete(typed)).containsExactly("xn--mnchen-3ya.test");
        JsonNode found = api.json("/autocomplete/" + URLEncoder.encode(typed, StandardCharsets.UTF_8)).get("handles").get(0);
        assertThat(found.get("readable").textValue()).isEqualTo("münchen.test");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "_", "a%", "al_ce", "%%%", "'; drop table x", "\\", "a b", "\u0000", "mön", "-", "a..b", "ali\u0130"})
    void text_ofAnyKind_isLiteral(String typed) {
        assertThat(complete(typed)).isEmpty();
    }

    @Test
    void text_longerThanAnyHandle_findsNothing() {
        assertThat(complete("a".repeat(254))).isEmpty();
        assertThat(complete("a".repeat(253))).isEmpty();
    }

    @Test
    void limit_asked_isKept() {
        assertThat(api.json("/autocomplete/a?limit=2").get("handles")).hasSize(2);
        assertThat(api.get("/autocomplete/a?limit=0").status()).isEqualTo(400);
        assertThat(api.get("/autocomplete/a?limit=101").status()).isEqualTo(400);
    }

    @Test
    void handle_thatChanged_isNeverShownAgainAndItsSuccessorSoonIs() {
        database.run("insert into plc_operation select 19, now(), head, id, 1, 1, 0, 'o', false, false, 'c19', '\\x00', 'k',"
                + " 'robert.test' from plc_account where id = 2; update plc_account set head = 19 where id = 2");
        assertThat(complete("bob")).as("before the stage has come to it").isEmpty();
        follow();
        assertThat(complete("rob")).containsExactly("robert.test");
        database.run("insert into plc_operation select 20, now(), head, id, 0, 0, 0, 't', false, false, 'c20', '\\x00', '', ''"
                + " from plc_account where id = 2; update plc_account set head = 20 where id = 2");
        follow();
        assertThat(complete("rob")).isEmpty();
        assertThat(database.number("select count(*) from handle_name where account = 2")).isZero();
    }

    @Test
    void check_ofAHandle_movesItAtOnce() {
        assertThat(rank("alina")).isEqualTo(1);
        database.run("insert into handle_check (operation, account, parent) values (0, 13, 0)");
        database.run("update handle_check set result = 'n', operation = 13 where account = 13");
        assertThat(rank("alina")).isEqualTo(2);
        database.run("update handle_check set result = 'v' where account = 13");
        assertThat(rank("alina")).isZero();
        database.run("update handle_check set due = now()");
        assertThat(rank("alina")).isZero();
    }

    @Test
    void check_ofAnEarlierHandle_movesNothing() {
        database.run("insert into handle_check (operation, account, parent, result) values (9, 10, 0, '-')");
        database.run("update handle_check set result = 'n', operation = 17 where account = 10");
        assertThat(rank("rita")).isEqualTo(1);
    }

    private long rank(String name) {
        return database.number("select rank from handle_name where account = " + KnownAccounts.number(name));
    }
}
