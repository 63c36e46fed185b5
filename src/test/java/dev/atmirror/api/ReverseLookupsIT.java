package dev.atmirror.api;

import static dev.atmirror.testkit.KnownAccounts.did;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.app.IdentityUnderTest;
import dev.atmirror.testkit.KnownAccounts;
import dev.atmirror.testkit.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Accounts by their host, by a rotation key, by a handle that they have or had. */
class ReverseLookupsIT {
    private static IdentityUnderTest api;

    @BeforeAll
    static void start() {
        TestDatabase database = TestDatabase.create();
        database.migrate();
        KnownAccounts.fill(database);
        // Two in a row declare it, then another, then it again.
        database.run("insert into plc_account values (99, 104, 'moritz')");
        database.run("insert into plc_operation select 100 + n, timestamptz '2024-06-01Z' + n * interval '1 minute', 99 + n, 99, 3, 3, 0,"
                + " 'o', false, false, 'm' || n, '', '', case n when 3 then 'other.test' else 'moritz.test' end"
                + " from generate_series(1, 4) n");
        api = new IdentityUnderTest(database);
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    private static List<JsonNode> accounts(String path) {
        List<JsonNode> all = new ArrayList<>();
        api.json(path).get("accounts").forEach(all::add);
        return all;
    }

    private static List<String> dids(String path) {
        return accounts(path).stream().map(account -> account.get("did").textValue()).toList();
    }

    /** Asks for page after page. */
    private static List<String> paged(String path, int limit) {
        List<String> all = new ArrayList<>();
        String cursor = "";
        for (int page = 0; page < 30; page++) {
            JsonNode json = api.json(path + (path.contains("?") ? "&" : "?") + "limit=" + limit + cursor);
            json.get("accounts").forEach(account -> all.add(account.get("did").textValue()));
            if (!json.has("cursor")) {
                return all;
            }
            cursor = "&cursor=" + json.get("cursor").textValue();
        }
        throw new AssertionError("the pages have no end");
    }

    @Test
    void host_ofAccounts_listsWhoseDocumentNamesIt() {
        assertThat(dids("/pds/one.test/accounts"))
                .hasSize(11)
                .contains(did("alice"), did("rita"))
                .doesNotContain(did("grace"), did("dave"));
        assertThat(dids("/pds/two.test/accounts")).containsExactly(did("grace"));
        JsonNode alison = accounts("/pds/https%3A%2F%2Fone.test/accounts").stream()
                .filter(account -> account.get("did").textValue().equals(did("alison")))
                .findFirst()
                .orElseThrow();
        assertThat(alison.get("handle").textValue()).isEqualTo("alison.test");
        assertThat(alison.get("handleResult").textValue()).isEqualTo("valid");
        assertThat(alison.get("active").booleanValue()).isFalse();
    }

    @Test
    void host_pageByPage_isTheSame() {
        for (int limit : new int[] {1, 2, 5}) {
            assertThat(paged("/pds/one.test/accounts", limit)).containsExactlyElementsOf(dids("/pds/one.test/accounts"));
        }
    }

    @Test
    void key_ofAccounts_listsThoseItMayChangeNow() {
        assertThat(dids("/accounts?rotationKey=did:key:zOwn")).containsExactly(did("grace"));
        assertThat(dids("/accounts?rotationKey=did:key:zHostOne")).hasSize(11).doesNotContain(did("grace"), did("dave"));
        assertThat(dids("/accounts?rotationKey=did:key:zShared")).hasSize(12);
        assertThat(dids("/accounts?rotationKey=did:key:zNobodys")).isEmpty();
        assertThat(paged("/accounts?rotationKey=did:key:zShared", 5)).hasSize(12).doesNotHaveDuplicates();
    }

    @Test
    void handle_ofAccounts_listsWhoHasItAndWhoHadIt() {
        assertThat(accounts("/accounts?pastHandle=alice.test"))
                .extracting(claim -> claim.get("did").textValue() + " " + claim.get("until"))
                .containsExactly(did("alice") + " null", did("mallory") + " null");
        JsonNode old = accounts("/accounts?pastHandle=OLD.test").get(0);
        assertThat(old.get("did").textValue()).isEqualTo(did("grace"));
        assertThat(old.get("from").textValue()).isEqualTo("2024-05-01T00:09:00.000Z");
        assertThat(old.get("until").textValue()).isEqualTo("2024-05-01T00:15:00.000Z");
        assertThat(accounts("/accounts?pastHandle=dave.test").get(0).get("until").textValue())
                .isEqualTo("2024-05-01T00:14:00.000Z");
        assertThat(accounts("/accounts?pastHandle=thief.test")).as("what a recovery took back never was").isEmpty();
        assertThat(paged("/accounts?pastHandle=frank.test", 1)).containsExactly(did("frank"), did("gina"));
    }

    @Test
    void handle_declaredTwice_hasTwoStretches() {
        assertThat(accounts("/accounts?pastHandle=moritz.test"))
                .extracting(claim -> claim.get("from") + " " + claim.get("until"))
                .containsExactly(
                        "\"2024-06-01T00:01:00.000Z\" \"2024-06-01T00:03:00.000Z\"",
                        "\"2024-06-01T00:04:00.000Z\" null");
    }

    @ParameterizedTest
    @CsvSource({
        "/pds/nowhere.test/accounts, 404",
        "/pds/one.test/accounts?limit=0, 400",
        "/accounts?rotationKey=nonsense, 400",
        "/accounts, 400",
        "/accounts?rotationKey=did:key:z&pastHandle=alice.test, 400",
        "/accounts?rotationKey=did:key:z&cursor=x, 400",
        "/accounts?pastHandle=nonsense, 400",
    })
    void question_thatCannotBe_isRefused(String path, int status) {
        assertThat(api.get(path).status()).isEqualTo(status);
    }
}
