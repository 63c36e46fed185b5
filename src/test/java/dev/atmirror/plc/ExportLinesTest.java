package dev.atmirror.plc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExportLinesTest {
    private static final String LINE = line("alice");

    private static String line(String handle) {
        return "{\"seq\":7,\"did\":\"did:plc:a\",\"cid\":\"c\",\"createdAt\":\"2023-01-02T03:04:05.678Z\",\"operation\":{\"h\":\""
                + handle + "\",\"n\":1.50}}";
    }

    /** Lines of a page may take a shorter way than messages of the stream: both must read the same. */
    @ParameterizedTest
    @ValueSource(strings = {
        "", " ", "\r", "null", "7", "[]", "{}", "{\"", "{\"a\":1}", "{\"a\":1}{\"a\":2}", "{\"a\":NaN}", "{\"a\":'x'}", "{a:1}",
        "{\"type\":\"new_thing\",\"seq\":9}", "{\"type\":\"sequenced_op\",\"seq\":9}", "{\"seq\":8,\"createdAt\":\"2024-01-02T03:04:05Z\"}",
        "{\"seq\":99999999999999999999}", "{\"did\":1,\"cid\":\"c\",\"operation\":{}}", "\u000b{\"seq\":1}", "{\"a\":\"\u0001\"}"
    })
    void read_oneLine_isWhatAMessageIs(String text) {
        assertSame(text);
    }

    @Test
    void read_operation_isWhatAMessageIs() {
        for (String text : List.of(LINE, LINE + " ", LINE + "\r", "\t" + LINE, line("älice"), line("\ud83d\ude00"), line("\u2028"),
                LINE + "\u2003", "\u2003" + LINE, LINE + "x", line("a\\u0000"), line("\\ud83d"), line("x".repeat(60_000)))) {
            assertSame(text);
        }
        assertThat(ExportLines.read(LINE.getBytes(StandardCharsets.UTF_8)).operations()).hasSize(1);
    }

    private static void assertSame(String text) {
        ExportLines read = ExportLines.read((text + "\n").getBytes(StandardCharsets.UTF_8));
        assertThat(read).isEqualTo(ExportLines.of(List.of(text)));
    }


    @Test
    void read_bytesThatAreNoUtf8_becomeReplacementCharacters() {
        byte[] body = line("??").getBytes(StandardCharsets.UTF_8);
        int at = new String(body, StandardCharsets.UTF_8).indexOf('?');
        for (byte[] bad : new byte[][] {{(byte) 0xc0, (byte) 0xaf}, {(byte) 0xff, 'a'}, {(byte) 0xed, (byte) 0xa0}}) {
            System.arraycopy(bad, 0, body, at, 2);
            ExportLines lines = ExportLines.read(body);
            assertThat(lines).isEqualTo(ExportLines.of(List.of(new String(body, StandardCharsets.UTF_8))));
            assertThat(lines.operations()).hasSize(1);
        }
    }

    @Test
    void read_lineInAnotherEncoding_isUnparsable() {
        byte[] body = (LINE + "\n").getBytes(StandardCharsets.UTF_16LE);
        assertThat(ExportLines.read(body).operations()).isEmpty();
        assertThat(ExportLines.read((LINE + "\n").getBytes(StandardCharsets.UTF_16BE)).operations()).isEmpty();
    }

    @Test
    void read_lastLineCut_isToldFromALineThatIsNone() {
        byte[] cut = (LINE + "\n" + LINE.substring(0, 50)).getBytes(StandardCharsets.UTF_8);
        assertThat(ExportLines.read(cut).lastLineBroken()).isTrue();
        assertThat(ExportLines.read(cut).unparsable()).isEmpty();
        byte[] whole = (LINE + "\n" + LINE).getBytes(StandardCharsets.UTF_8);
        assertThat(ExportLines.read(whole).lastLineBroken()).isFalse();
        assertThat(ExportLines.read(whole).lines()).isEqualTo(2);
    }
}
