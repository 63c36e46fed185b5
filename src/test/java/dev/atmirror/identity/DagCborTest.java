package dev.atmirror.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DagCborTest {
    private static String hex(String json) throws JsonProcessingException {
        return HexFormat.of().formatHex(DagCbor.encode(Json.parse(json)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "null | f6",
        "true | f5",
        "false | f4",
        "0 | 00",
        "23 | 17",
        "24 | 1818",
        "-1 | 20",
        "-24 | 37",
        "-25 | 3818",
        "255 | 18ff",
        "256 | 190100",
        "65535 | 19ffff",
        "65536 | 1a00010000",
        "4294967295 | 1affffffff",
        "4294967296 | 1b0000000100000000",
        "-4294967297 | 3b0000000100000000",
        "-9007199254740991 | 3b001ffffffffffffe",
        "9007199254740991 | 1b001fffffffffffff",
        "9007199254740993 | fb4340000000000000", // beyond what JavaScript holds exactly, so a double there
        "1.0 | 01",
        "-0.0 | 00",
        "1.5 | fb3ff8000000000000",
        "\"\" | 60",
        "\"a?é\" | 64613fc3a9",
        "[] | 80",
        "{} | a0",
        "[1,[2,\"b\"]] | 8201820261" + "62"
    })
    void encode_value_isTheShortestForm(String json, String hex) throws JsonProcessingException {
        assertThat(hex(json)).isEqualTo(hex);
    }

    @Test
    void encode_map_isSortedByLengthAndThenBytewise() throws JsonProcessingException {
        assertThat(hex("{\"bb\":1,\"c\":2,\"aa\":3,\"B\":4}")).isEqualTo("a4614204616302626161036262" + "6201");
        // Two bytes of UTF-8 sort as two, though they are one character.
        assertThat(hex("{\"é\":1,\"z\":2,\"ab\":3}")).isEqualTo("a3617a0262616203" + "62c3a901");
    }

    @Test
    void encode_longKeyAndText_haveDefiniteLengths() throws JsonProcessingException {
        String text = "x".repeat(40_000);
        assertThat(hex("{\"" + text + "\":\"" + text + "\"}"))
                .isEqualTo("a1" + ("799c40" + "78".repeat(40_000)).repeat(2));
    }

    @Test
    void encode_nul_isAnOrdinaryCharacter() throws JsonProcessingException {
        assertThat(hex("\"a\\u0000b\"")).isEqualTo("63610062");
    }

    @Test
    void encode_surrogatePair_isOneCharacterAndALoneOneNone() throws JsonProcessingException {
        assertThat(hex("\"\\ud83d\\ude00\"")).isEqualTo("64f09f9880");
        for (String lone : new String[] {"\"\\ud83d\"", "\"\\ude00\"", "{\"\\ud83d\":1}", "\"\\ude00\\ud83d\""}) {
            assertThatIllegalArgumentException().isThrownBy(() -> DagCbor.encode(Json.parse(lone)));
        }
    }

    @Test
    void encode_numberOutOfRange_hasNoForm() {
        assertThatIllegalArgumentException().isThrownBy(() -> DagCbor.encode(Json.parse("1e400")));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 22, 23, 24, 254, 255, 256, 70_000})
    void hashes_mapOfAnySize_areOfTheWholeAndWithoutTheFieldAtTheTopOnly(int others) {
        ObjectNode map = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < others; i++) {
            map.put("a" + i, i);
        }
        map.put("sig", "AQ").putObject("zzzz").put("sig", 2);
        DagCbor.Hashes hashes = DagCbor.hashes(map, "sig");
        assertThat(hashes.whole()).isEqualTo(Cid.sha256(DagCbor.encode(map)));
        assertThat(hashes.without()).isEqualTo(Cid.sha256(DagCbor.encode(map.deepCopy().without("sig"))));
        assertThat(hashes.without()).isNotEqualTo(hashes.whole());
    }

    @Test
    void hashes_fieldMissing_isRefused() {
        ObjectNode map = JsonNodeFactory.instance.objectNode();
        assertThatIllegalArgumentException().isThrownBy(() -> DagCbor.hashes(map, "sig"));
    }
}
