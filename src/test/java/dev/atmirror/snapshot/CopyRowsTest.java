package dev.atmirror.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** COPY's text format, as PostgreSQL's documentation of COPY has it. */
class CopyRowsTest {
    private static CopyRows of(String text) {
        return new CopyRows("file.sql", "t", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static Optional<String> only(String field) throws IOException {
        CopyRows rows = of("COPY public.t (a) FROM stdin;\n" + field + "\n\\.\n");
        assertThat(rows.next()).isTrue();
        assertThat(rows.split()).isTrue();
        return rows.field(rows.column("a"));
    }

    @Test
    void field_escaped_isItsValue() throws IOException {
        assertThat(only("plain")).contains("plain");
        assertThat(only("{\"a\": \"\\\\u0000\\\\\\\\\"}")).contains("{\"a\": \"\\" + "u0000\\\\\"}");
        assertThat(only("\\\\N")).contains("\\N");
        assertThat(only("a\\x41\\x4z")).contains("aA\4z");
        assertThat(only("\\101\\60x\\0")).contains("A0x\0");
        assertThat(only("\\q")).contains("q");
        assertThat(only("\u00e9\u2603")).contains("\u00e9\u2603");
    }

    @Test
    void field_withNamedEscapes_isTheirCharacters() throws IOException {
        assertThat(only("\\b\\f\\n\\r\\t\\v\\\\")).contains("\b\f\n\r\t\u000b\\");
        assertThat(only("")).contains("");
        assertThat(only("\\N")).isEmpty();
    }

    @Test
    void rows_amongOtherTables_areThoseOfTheTable() throws IOException {
        CopyRows rows = of("""
                \\restrict x
                SET client_encoding = 'UTF8';
                COPY public.other (a, b) FROM stdin;
                1\t2
                \\.
                COPY "my schema".t (b, "A ""b\""", c) FROM stdin;
                1\t2\t3
                4\t5
                6\t7\t8\t9
                \\N\t\t
                \\.
                DROP TABLE t;
                COPY public.t (c) FROM stdin;
                last
                \\.
                """);
        List<String> found = new ArrayList<>();
        while (rows.next()) {
            found.add(rows.split() ? rows.field(rows.column("b")) + "," + rows.field(rows.column("A \"b\"")) + "," + rows.field(rows.column("c")) : "no row");
        }
        assertThat(found)
                .containsExactly(
                        "Optional[1],Optional[2],Optional[3]",
                        "no row",
                        "no row",
                        "Optional.empty,Optional[],Optional[]",
                        "Optional.empty,Optional.empty,Optional[last]");
    }

    @Test
    void file_endingAmongTheRows_isNotWhole() throws IOException {
        CopyRows rows = of("COPY t (a) FROM stdin;\n1\n2");
        assertThat(rows.next()).isTrue();
        assertThatThrownBy(rows::next).hasMessage("file.sql is not whole: it ends in the middle of t");
    }
}
