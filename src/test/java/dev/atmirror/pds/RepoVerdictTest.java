package dev.atmirror.pds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.identity.Json;
import dev.atmirror.pds.RepoVerdict.Described;
import dev.atmirror.pds.RepoVerdict.HostFailed;
import dev.atmirror.pds.RepoVerdict.Inactive;
import dev.atmirror.pds.RepoVerdict.Throttled;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepoVerdictTest {
    private static final String DID = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa";

    private static RepoVerdict verdict(int status, String body) {
        return RepoVerdict.of(Answer.of(status, body), DID);
    }

    private static Described described(String members) {
        return (Described) verdict(200, "{\"did\":\"" + DID + "\"," + members + "}");
    }

    @ParameterizedTest
    @CsvSource({
        "400,RepoNotFound,Could not find repo for DID,notfound",
        "404,RepoNotFound,,notfound",
        "404,NotFound,Repo not found: did:plc:x,notfound",
        "404,NotFound,Account did:plc:x not found,notfound",
        "404,NotFound,could not find repository for did:plc:plcresolv,notfound",
        "400,NotFound,No such account,notfound",
        "404,NotFound,user does not exist,notfound",
        "404,RepoNotFound,couldn't resolve did,notfound",
        "400,InvalidRequest,Could not find repo: did:plc:x,notfound",
        "404,InvalidRequest,Could not find repo,notfound",
        "400,InvalidRequest,Could not find user: did:plc:x,notfound",
        "400,RepoTakendown,,takendown",
        "400,RepoSuspended,,suspended",
        "400,RepoDeactivated,,deactivated",
        "403,RepoDeactivated,,deactivated",
    })
    void refusal_ofTheAccount_isItsStatus(int status, String error, String message, String expected) {
        String body = "{\"error\":\"" + error + "\"" + (message == null ? "" : ",\"message\":\"" + message + "\"") + "}";
        assertThat(verdict(status, body)).isEqualTo(new Inactive(expected));
    }

    @ParameterizedTest
    @CsvSource({
        "400,'{\"error\":\"InvalidRequest\",\"message\":\"Params must have repo\"}',status_4xx",
        "401,'{\"error\":\"RepoTakendown\"}',status_4xx",
        "401,'{\"error\":\"AuthMissing\"}',status_4xx",
        "404,'{\"error\":\"MethodNotImplemented\"}',status_4xx",
        // Issue 12, A3: such a host cannot reach the directory, or has no such path; its accounts may all be there.
        "404,'{\"error\":\"NotFound\",\"message\":\"couldn''t resolve did\"}',status_4xx",
        "404,'{\"error\":\"NotFound\",\"message\":\"could not resolve repo: did not found\"}',status_4xx",
        "404,'{\"error\":\"NotFound\",\"message\":\"account not found: PLC directory timed out\"}',status_4xx",
        "404,'{\"error\":\"NotFound\",\"message\":\"DID document not found\"}',status_4xx",
        "404,'{\"error\":\"NotFound\",\"message\":\"Not Found\"}',status_4xx",
        "404,'{\"error\":\"NotFound\",\"message\":\"no user directory\"}',status_4xx",
        "404,'{\"error\":\"NotFound\"}',status_4xx",
        "400,'{\"error\":\"NotFound\"}',status_4xx",
        "400,'{\"error\":\"InvalidRequest\",\"message\":\"Could not resolve DID: user agent not found\"}',status_4xx",
        "404,'{\"error\":\"InternalError\",\"message\":\"Repo not found\"}',status_4xx",
        "403,'{\"error\":\"NotFound\",\"message\":\"Repo not found\"}',status_4xx",
        "404,'<html><body>404 Not Found</body></html>',malformed",
        "404,'',status_4xx",
        "404,'[]',malformed",
        "400,'{\"error\":7,\"message\":[]}',status_4xx",
        "204,'',status_4xx",
        "302,'',redirect",
        "500,'{\"error\":\"RepoNotFound\"}',status_5xx",
        "502,'<html>',status_5xx",
    })
    void refusal_ofAnotherKind_isTheHostsFault(int status, String body, String kind) {
        assertThat(verdict(status, body)).isEqualTo(new HostFailed(kind));
    }

    @Test
    void answer_throttled_saysNothingOfTheAccount() {
        assertThat(verdict(429, "{\"error\":\"RepoNotFound\"}")).isEqualTo(new Throttled());
    }

    @Test
    void answer_thatNeverCame_isTheHostsFault() {
        HostAnswer none = HostAnswer.none(new HostAnswer.Failure("silent", "no byte for 30 s", false));
        assertThat(RepoVerdict.of(none, DID)).isEqualTo(new HostFailed("silent"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "<html>", "[]", "{\"did\":\"did:plc:aaaaaaaaaaaaaaaaaaaaaaaa\"}",
        "{\"did\":\"did:plc:aaaaaaaaaaaaaaaaaaaaaaaa\",\"collections\":{}}", "{\"collections\":[]}",
        "{\"did\":7,\"collections\":[]}"})
    void description_thatIsNone_isTheHostsFault(String body) {
        assertThat(verdict(200, body)).isEqualTo(new HostFailed("malformed"));
    }

    @Test
    void description_ofAnotherAccount_isTheHostsFault() {
        assertThat(verdict(200, "{\"did\":\"did:plc:bbbbbbbbbbbbbbbbbbbbbbbb\",\"collections\":[]}"))
                .isEqualTo(new HostFailed("malformed"));
    }

    @Test
    void description_asTheLexiconHasIt_keepsHandleAndCollections() throws Exception {
        Described found = described("\"handle\":\"alice.test\",\"didDoc\":{\"a\":1},\"handleIsCorrect\":true,"
                + "\"collections\":[\"app.bsky.feed.post\",\"app.bsky.actor.profile\",\"app.bsky.feed.post\"]");
        assertThat(found.collections()).isEqualTo("app.bsky.actor.profile app.bsky.feed.post");
        assertThat(Json.parse(found.described())).isEqualTo(Json.parse("{\"handle\":\"alice.test\",\"handleIsCorrect\":true,"
                + "\"collections\":[\"app.bsky.actor.profile\",\"app.bsky.feed.post\"]}"));
    }

    @Test
    void description_withMembersOfOtherTypes_isWithoutThem() {
        assertThat(described("\"handle\":7,\"handleIsCorrect\":\"yes\",\"collections\":[]"))
                .isEqualTo(new Described("{\"collections\":[]}", ""));
        assertThat(described("\"handle\":\"a\\u0000b\",\"collections\":[]"))
                .isEqualTo(new Described("{\"collections\":[]}", ""));
    }

    @Test
    void collections_invented_areKeptOnlyWhereTheyAreNsids() {
        Described found = described("\"collections\":[null,7,\"\",\"post\",\"a.b\",\"a b.c.d\",\"a..b\",\".a.b.c\",\"a.b.c.\","
                + "\"1com.example.post\",\"com.example.p\\u0000st\",\"com.ex\\ud83dmple.post\",\"com.example.*\",\"com.éxample.post\",\""
                + "com.example." + "a".repeat(64) + "\",\"" + "com." + "abc.".repeat(80) + "post\",\"com.example.invented\"]");
        assertThat(found.collections()).isEqualTo("com.example.invented");
    }

    @Test
    void collections_aHundredThousand_areCut() {
        String invented = IntStream.range(0, 100_000)
                .mapToObj(i -> "\"com.example.invented" + i + "\"")
                .collect(Collectors.joining(","));
        assertThat(described("\"collections\":[" + invented + "]").collections().split(" ")).hasSize(1000);
    }

    /** Issue 12, E35: as a tree, four such megabytes take over a hundred. */
    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "{\"a\":1}", "\"a\"", "7"})
    void answer_ofMillionsOfValues_takesLittleMemory(String value) {
        int times = (4 << 20) / (value.length() + 1) - 100;
        byte[] body = ("{\"did\":\"" + DID + "\",\"collections\":[" + (value + ",").repeat(times) + "0],\"handle\":\"alice.test\"}")
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);
        HostAnswer answer = HostAnswer.of(200, body, java.util.Map.of());
        var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        RepoVerdict verdict = RepoVerdict.of(answer, DID);
        long taken = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        assertThat(verdict).isInstanceOf(RepoVerdict.class);
        assertThat(taken).isLessThan(32 << 20);
    }
}
