package dev.atmirror.pds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atmirror.pds.RepoList.Repo;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepoListTest {
    private static final String DID = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa";

    private static RepoList list(String body) throws MalformedAnswer {
        return RepoList.of(Answer.ok(body));
    }

    private static Repo repo(String members) throws MalformedAnswer {
        return list("{\"repos\":[{\"did\":\"" + DID + "\"" + members + "}]}").repos().get(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",\"cursor\":null", ",\"cursor\":\"\""})
    void cursor_absentNullOrEmpty_isTheLastPage(String cursor) throws Exception {
        assertThat(list("{\"repos\":[]" + cursor + "}").cursor()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"'\"abc::def\"',abc::def", "'\"2024-01-01T00:00:00Z__did:plc:x\"',2024-01-01T00:00:00Z__did:plc:x", "17,17",
        "12345678901234567890,12345678901234567890"})
    void cursor_textOrWholeNumber_isSentBackAsText(String cursor, String expected) throws Exception {
        assertThat(list("{\"repos\":[],\"cursor\":" + cursor + "}").cursor()).contains(expected);
    }

    /** As the last page, such a cursor would make all repos behind it vanish. */
    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "true", "1.5", "\"a\\u0000b\"", "\"\\ud83d\""})
    void cursor_thatCannotBeSentBack_isMalformed(String cursor) {
        assertThatThrownBy(() -> list("{\"repos\":[],\"cursor\":" + cursor + "}")).isInstanceOf(MalformedAnswer.class);
    }

    @Test
    void cursor_tooLong_isMalformed() throws Exception {
        assertThat(list("{\"repos\":[],\"cursor\":\"" + "c".repeat(2048) + "\"}").cursor()).isPresent();
        assertThatThrownBy(() -> list("{\"repos\":[],\"cursor\":\"" + "c".repeat(2049) + "\"}"))
                .isInstanceOf(MalformedAnswer.class);
    }

    @Test
    void repo_withAllMembers_isTakenAsItIs() throws Exception {
        assertThat(repo(",\"head\":\"bafyabc\",\"rev\":\"3kabc\",\"active\":false,\"status\":\"takendown\",\"new\":[1]"))
                .isEqualTo(new Repo(DID, "bafyabc", "3kabc", false, "takendown"));
    }

    @ParameterizedTest
    @CsvSource({
        "'',true,''",
        "',\"active\":null',true,''",
        "',\"active\":true',true,''",
        "',\"active\":false',false,''",
        "',\"status\":null',true,''",
        "',\"status\":\"\"',true,''",
        "',\"status\":\"deactivated\"',false,deactivated",
        "',\"active\":\"yes\",\"status\":\"suspended\"',false,suspended",
        "',\"active\":true,\"status\":\"desynchronized\"',true,''",
        "',\"status\":\"active\"',true,''",
        "',\"active\":null,\"status\":\"active\"',true,''",
        "',\"active\":false,\"status\":\"active\"',false,''",
        "',\"active\":false,\"status\":\"of-tomorrow\"',false,of-tomorrow",
    })
    void repo_activeOrStatusMissing_followsFromTheOther(String members, boolean active, String status) throws Exception {
        assertThat(repo(members)).isEqualTo(new Repo(DID, "", "", active, status));
    }

    /** A word that cannot be kept is still a word that is not "active". */
    @ParameterizedTest
    @ValueSource(strings = {"\"take\\u0000down\"", "\"\\udc00\"", "17", "{}"})
    void status_thatCannotBeKept_isNoActiveRepo(String status) throws Exception {
        assertThat(repo(",\"status\":" + status)).isEqualTo(new Repo(DID, "", "", false, ""));
    }

    @Test
    void words_tooLongOrNoText_areNotKept() throws Exception {
        assertThat(repo(",\"active\":true,\"head\":7,\"rev\":\"" + "r".repeat(129) + "\""))
                .isEqualTo(new Repo(DID, "", "", true, ""));
    }

    @Test
    void entries_malformed_areCountedAndPassedOver() throws Exception {
        RepoList list = list("{\"repos\":[null,1,\"did:plc:x\",[],{},{\"did\":7},{\"did\":\"nonsense\"},{\"did\":\"did:plc:\"},"
                + "{\"did\":\"did:plc:a b\"},{\"did\":\"did:plc:a\\u0000b\"},{\"did\":\"did:plc:" + "a".repeat(600) + "\"},"
                + "{\"did\":\"did:web:example.com%3A8080\"}],\"cursor\":\"c\"}");
        assertThat(list.malformed()).isEqualTo(11);
        assertThat(list.repos()).extracting(Repo::did).containsExactly("did:web:example.com%3A8080");
        assertThat(list.cursor()).contains("c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "<html></html>", "[]", "null", "7", "\"repos\"", "{\"repos\":", "{}", "{\"repos\":null}",
        "{\"repos\":{}}", "{\"repos\":[]} x{", "{\"repos\":[],}"})
    void page_thatIsNone_isMalformed(String body) {
        assertThatThrownBy(() -> list(body)).isInstanceOf(MalformedAnswer.class);
    }

    @Test
    void page_nestedTooDeep_isMalformed() {
        assertThatThrownBy(() -> list("{\"repos\":" + "[".repeat(100_000))).isInstanceOf(MalformedAnswer.class);
    }

    @Test
    void page_ofAHundredThousand_isRead() throws Exception {
        String repos = IntStream.range(0, 100_000)
                .mapToObj(i -> "{\"did\":\"did:plc:" + i + "\"}")
                .collect(Collectors.joining(","));
        assertThat(list("{\"repos\":[" + repos + "]}").repos()).hasSize(100_000);
    }
}
