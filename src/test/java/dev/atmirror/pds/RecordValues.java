package dev.atmirror.pds;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON values as hosts may write them. */
final class RecordValues {
    /** Taken by jsonb as they stand. */
    static final List<String> EXACT = List.of(
            "{}",
            "[]",
            "null",
            "true",
            "false",
            "0",
            "-0",
            "7",
            "1.0",
            "-1.50",
            "1e400",
            "1E+400",
            "1e-1000",
            "1e0000000000000000000000000000000000000000000001000",
            "12345678901234567890",
            "9".repeat(1000),
            "0." + "9".repeat(998),
            "\"\"",
            "\"a\"",
            "\"a\\\\b\\/c\\b\\f\\n\\r\\t\\\"\"",
            "\"\\\\u0000\"", // a backslash, and then text
            "\"\\\\\\\\u0000\"",
            "\"\\u00e9\\uD83D\\ude00\"", // a pair, in escapes
            "\"日本語 é \uD83D\uDE00 \u2028 \ufffe \u007f\"",
            "{ \"a\" : 1 ,\n\t\"b\":[ 1 , 2.0,-3e5 ] }",
            "{\"b\":1,\"a\":2,\"b\":3}", // jsonb keeps the last, as most parsers do
            "{\"\":{\"\":{\"\":null}}}",
            "[1,[2,[3,[4,[true]]]],\"x\"]",
            "{\"$type\":\"com.example.note\",\"text\":\"]}},\\\"value\\\":1\"}",
            "[" + "1,".repeat(9000) + "1]");

    /** Refused by jsonb, with what is shown instead. */
    static final Map<String, String> INEXACT = new LinkedHashMap<>();

    static {
        INEXACT.put("\"\\u0000\"", "\"\ufffd\"");
        INEXACT.put("\"a\\u0000b\\u0000\"", "\"a\ufffdb\ufffd\"");
        INEXACT.put("\"\\\\\\u0000\"", "\"\\\\\ufffd\""); // a backslash, and then NUL
        INEXACT.put("{\"a\\u0000\":1,\"a\\ud800\":2}", "{\"a\ufffd\":1,\"a\ufffd\":2}");
        INEXACT.put("{ \"a\" : \"\\ud83d\" }", "{\"a\":\"\ufffd\"}");
        INEXACT.put("\"\\ude00\\ud83d\"", "\"\ufffd\ufffd\"");
        INEXACT.put("\"\\ud83d\uD83D\uDE00\"", "\"\ufffd\uD83D\uDE00\"");
        INEXACT.put("\"\\ud83dx\\ude00\"", "\"\ufffdx\ufffd\"");
        INEXACT.put("1e1001", "\"1e1001\"");
        INEXACT.put("-1E-99999999999", "\"-1E-99999999999\"");
        INEXACT.put("[1.0,1e131072,12345678901234567890]", "[1.0,\"1e131072\",12345678901234567890]");
        INEXACT.put("9".repeat(1001), "\"" + "9".repeat(1001) + "\"");
        INEXACT.put("{\"n\":-" + "9".repeat(140_000) + "}", "{\"n\":\"-" + "9".repeat(140_000) + "\"}");
        INEXACT.put("{\"t\":\"\\u0000\",\"n\":1.50,\"b\":[true,false,null,\"é\\n\\u0007\"]}",
                "{\"t\":\"\ufffd\",\"n\":1.50,\"b\":[true,false,null,\"é\\n\\u0007\"]}");
    }

    private RecordValues() {}
}
