package dev.atmirror.pds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** PostgreSQL takes every value as jsonb, and every exact text as json, unchanged. */
class RecordValuesIT {
    private static final String DID = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa";
    private static final String NOTE = "com.example.note";
    private static final String[] PIECES = {
        "\\u0000", "\\ud83d", "\\ude00", "\\\\", "\\\"", "\\n", "a", "é", "\uD83D\uDE00", "\\u005c", "\\u0022", "u0000", "\ufffd", "/"
    };
    private static final String[] NUMBERS = {"0", "-0", "-0.0", "1e400", "1E-16383", "1e-99999", "1.5e1000", "0e99999", "0.0e-7"};

    @Test
    void values_ofEveryKind_areTaken() throws Exception {
        List<String> written = new ArrayList<>(RecordValues.EXACT);
        written.addAll(RecordValues.INEXACT.keySet());
        written.add("[".repeat(1000) + "]".repeat(1000));
        Random random = new Random(11);
        for (int i = 0; i < 3000; i++) {
            written.add(invented(random, 3));
        }
        TestDatabase database = TestDatabase.create();
        try (Connection connection = database.connect()) {
            for (String value : written) {
                check(connection, value);
            }
        }
    }

    private static void check(Connection connection, String value) throws Exception {
        String body = "{\"records\":[{\"uri\":\"at://" + DID + "/" + NOTE + "/k\",\"cid\":\"b\",\"value\":" + value + "}]}";
        RecordPage.Entry entry = RecordPage.of(Answer.ok(body), DID, NOTE).records().get(0);
        assertThat(entry.raw().orElse(entry.value())).isEqualTo(value);
        try (PreparedStatement select = connection.prepareStatement("select cast(? as jsonb), cast(cast(? as json) as text)")) {
            select.setString(1, entry.value());
            select.setString(2, entry.raw().orElse(null));
            try (ResultSet row = select.executeQuery()) {
                row.next();
                assertThat(row.getString(2)).isEqualTo(entry.raw().orElse(null));
            }
        } catch (SQLException e) {
            throw new AssertionError("refused: " + value, e);
        }
    }

    private static String invented(Random random, int depth) {
        return switch (depth == 0 ? random.nextInt(2) : random.nextInt(4)) {
            case 0 -> text(random);
            case 1 -> NUMBERS[random.nextInt(NUMBERS.length)];
            case 2 -> "[" + invented(random, depth - 1) + " ,\n" + invented(random, depth - 1) + "]";
            default -> "{ " + text(random) + " :" + invented(random, depth - 1) + "," + text(random) + ":true}";
        };
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = random.nextInt(6); i > 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.append('"').toString();
    }
}
