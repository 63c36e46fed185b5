package dev.atmirror.pds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atmirror.pds.RecordPage.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordPageTest {
    private static final String DID = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa";
    private static final String NOTE = "com.example.note";

    static List<String> exact() {
        return RecordValues.EXACT;
    }

    static List<String> inexact() {
        return List.copyOf(RecordValues.INEXACT.keySet());
    }

    private static RecordPage page(String body) throws MalformedAnswer {
        return RecordPage.of(Answer.ok(body), DID, NOTE);
    }

    private static String record(String rkey, String value) {
        return "{\"uri\":\"at://" + DID + "/" + NOTE + "/" + rkey + "\",\"cid\":\"bafy" + rkey + "\",\"value\":" + value + "}";
    }

    private static Entry only(String value) throws MalformedAnswer {
        RecordPage page = page("{\"records\":[" + record("k", value) + "],\"cursor\":\"c\"}");
        assertThat(page.malformed()).isZero();
        assertThat(page.cursor()).contains("c");
        return page.records().get(0);
    }

    @ParameterizedTest
    @MethodSource("exact")
    void value_thatJsonbTakes_isCutOutAsItStands(String value) throws Exception {
        assertThat(only(value)).isEqualTo(new Entry("k", "bafyk", value, Optional.empty()));
    }

    @ParameterizedTest
    @MethodSource("inexact")
    void value_thatJsonbRefuses_isKeptExactlyBesidesOneThatItTakes(String value) throws Exception {
        assertThat(only(value))
                .isEqualTo(new Entry("k", "bafyk", RecordValues.INEXACT.get(value), Optional.of(value)));
    }

    /** Where the parser changes buffers, and has looked ahead or not, no character may be lost. */
    @Test
    void values_ofLongPages_areCutOutAsTheyStand() throws Exception {
        Random random = new Random(7);
        for (int round = 0; round < 60; round++) {
            List<String> values = new ArrayList<>();
            StringBuilder body = new StringBuilder("{ \"cursor\" : \"é\uD83D\uDE00\",\n\"records\":[");
            for (int i = 0; i < 40; i++) {
                String value = random.nextInt(4) == 0
                        ? "\"" + "é\uD83D\uDE00\\n\\\"x".repeat(random.nextInt(800)) + "\""
                        : RecordValues.EXACT.get(random.nextInt(RecordValues.EXACT.size()));
                values.add(value);
                String space = " \n\t".repeat(random.nextInt(3));
                String wrapped = space + value + space;
                body.append(i == 0 ? "" : ",").append(record("k" + i, wrapped));
            }
            RecordPage page = page(body.append("]}").toString());
            assertThat(page.records()).extracting(Entry::value).containsExactlyElementsOf(values);
        }
    }

    @Test
    void value_beforeUriAndCid_isKept() throws Exception {
        String record = "{\"value\":{\"text\":\"日本語 😀\"},\"more\":{\"value\":[1]},\"cid\":\"bafyk\",\"uri\":\"at://" + DID + "/"
                + NOTE + "/k\"}";
        assertThat(page("{\"records\":[" + record + "]}").records())
                .containsExactly(new Entry("k", "bafyk", "{\"text\":\"日本語 😀\"}", Optional.empty()));
    }

    @Test
    void record_nestedTooDeep_costsOnlyItself() throws Exception {
        String deepest = "[".repeat(1000) + "]".repeat(1000);
        String tooDeep = "{\"a\":".repeat(20_000) + "\"\\u0000\"" + "}".repeat(20_000);
        RecordPage page = page("{\"records\":[" + record("a", deepest) + "," + record("b", tooDeep) + "," + record("c", "1") + "]}");
        assertThat(page.records()).extracting(Entry::rkey).containsExactly("a", "c");
        assertThat(page.malformed()).isEqualTo(1);
    }

    @Test
    void record_withAnEndlessNumberOrName_isKept() throws Exception {
        String digits = "7".repeat(300_000);
        assertThat(only("[" + digits + "]").raw()).contains("[" + digits + "]");
        assertThat(only("{\"" + digits + "\":1}").value()).hasSize(300_006);
    }

    @Test
    void page_nestedWithoutEnd_isMalformed() {
        assertThatThrownBy(() -> page("{\"records\":[" + record("a", "[".repeat(1_000_000)) + "]}"))
                .isInstanceOf(MalformedAnswer.class);
    }

    @Test
    void entries_thatAreNoRecordsOfTheCollection_areCountedAndPassedOver() throws Exception {
        String other = record("k", "{}");
        RecordPage page = page("{\"records\":[null,7,\"x\",[[]],{},{\"value\":{}},"
                + other.replace(DID, "did:plc:bbbbbbbbbbbbbbbbbbbbbbbb") + ","
                + other.replace(NOTE, "com.example.other") + ","
                + record("a/b", "{}") + "," + record("", "{}") + "," + record("a\\u0000", "{}") + "," + record("é", "{}") + ","
                + record("k".repeat(513), "{}") + ","
                + other.replace("bafyk", "bafy\\u0000") + "," + other.replace("bafyk", "b".repeat(129)) + ","
                + other.replace(",\"value\":{}", "") + ","
                + record("self", "{}") + "]}");
        assertThat(page.records()).extracting(Entry::rkey).containsExactly("self");
        assertThat(page.malformed()).isEqualTo(16);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",\"cursor\":null", ",\"cursor\":\"\"", ",\"cursor\":7", ",\"cursor\":\"a\\u0000\""})
    void cursor_missing_isNone(String cursor) throws Exception {
        assertThat(page("{\"records\":[]" + cursor + "}").cursor()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[]", "null", "<html>", "{\"records\":{}}", "{\"records\":null}", "{\"records\":[",
        "{\"records\":[{\"value\":", "{\"records\":[{\"value\":tru}]}", "{\"records\":[]} {}", "{\"records\":[{\"value\":01}]}",
        "{\"records\":[{\"value\":NaN}]}", "{\"records\":[{\"value\":\"\u0001\"}]}"})
    void page_thatIsNone_isMalformed(String body) {
        assertThatThrownBy(() -> page(body)).isInstanceOf(MalformedAnswer.class);
    }

    /** What is no UTF-8 is replaced, and takes nothing along. */
    @Test
    void page_withBytesThatAreNoUtf8_isRead() throws Exception {
        byte[] body = ("{\"records\":[" + record("k", "\"?\"") + "]}").getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        for (int i = 0; i < body.length; i++) {
            body[i] = body[i] == '?' ? (byte) 0xed : body[i];
        }
        RecordPage page = RecordPage.of(HostAnswer.of(200, body, java.util.Map.of()), DID, NOTE);
        assertThat(page.records()).extracting(Entry::value).containsExactly("\"\ufffd\"");
    }
}
