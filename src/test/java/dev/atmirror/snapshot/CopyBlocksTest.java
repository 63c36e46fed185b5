package dev.atmirror.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CopyBlocksTest {
    private static final String SQL =
            """
            SET client_encoding = 'UTF8';
            \\restrict abc
            COPY public.first (id, "odd name") FROM stdin;
            1\tCOPY public.first (id) FROM stdin;
            2\t\\\\.
            \\.

            COPY public."Second one" (id) FROM stdin;
            \\.
            COPY third (id) FROM stdin;
            COPY third (id) FROM stdin;
            \\.
            SELECT pg_catalog.setval('x', 1, true);
            COPY of nothing
            """;

    private static CopyBlocks of(String sql, int piece) {
        byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
        CopyBlocks blocks = new CopyBlocks();
        for (int at = 0; at < bytes.length; at += piece) {
            blocks.take(bytes, at, Math.min(bytes.length, at + piece));
        }
        return blocks;
    }

    @Test
    void rows_inPiecesOfAnySize_areCountedByTable() {
        for (int piece : new int[] {1, 2, 3, 7, 1000}) {
            CopyBlocks blocks = of(SQL, piece);
            assertThat(blocks.rows()).isEqualTo(Map.of("first", 2L, "Second one", 0L, "third", 1L));
            assertThat(blocks.open()).isEmpty();
        }
    }

    @Test
    void rows_ofABlockThatDoesNotEnd_areNotAmongThem() {
        CopyBlocks blocks = of("COPY public.t (id) FROM stdin;\n1\n2\n3", 4);
        assertThat(blocks.rows()).isEmpty();
        assertThat(blocks.open()).contains("t");
        assertThat(blocks.rowsOfOpen()).isEqualTo(2);
    }

    @Test
    void line_longerThanAnyThatBegins_isPassedOver() {
        assertThat(of("COPY public.t (" + "c, ".repeat(3000) + "d) FROM stdin;\n", 100).open()).isEmpty();
    }
}
