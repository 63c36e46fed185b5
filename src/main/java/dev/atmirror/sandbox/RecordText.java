package dev.atmirror.sandbox;

import dev.atmirror.identity.Cid;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The JSON of records, as listRecords gives it. Written as text, because no JSON library would write some of it: the
 * notes hold what PostgreSQL's jsonb refuses, what UTF-8 cannot express, and what overflows numbers and stacks.
 */
final class RecordText {
    /** How many odd notes there are, one after the other. */
    static final int ODDITIES = 10;

    private static final int DEEP = 500;
    private static final int LONG = 20_000; // characters
    private static final int NO_ODDITY = 40; // one note in four is odd where only a few are drawn
    private static final int ODDITY_SALT = 21;

    private RecordText() {}

    /** {@code {"uri": …, "cid": …, "value": {…}}} */
    static void append(StringBuilder out, String did, Records records, Records.Entry entry) {
        String value = value(did, records, entry);
        String uri = "at://" + did + "/" + entry.collection() + "/" + entry.key();
        String cid = Cid.ofHash(Cid.sha256((uri + value).getBytes(StandardCharsets.UTF_8)));
        out.append("{\"uri\":\"").append(uri).append("\",\"cid\":\"").append(cid).append("\",\"value\":");
        out.append(value).append('}');
    }

    private static String value(String did, Records records, Records.Entry entry) {
        String time = Instant.EPOCH.plus(records.micros(entry), ChronoUnit.MICROS)
                .truncatedTo(ChronoUnit.MILLIS)
                .toString();
        String fields = switch (entry.collection()) {
            case Records.PROFILE -> "\"displayName\":\"Someone at home 🍄\",\"description\":\"a sandbox's account\"";
            case Records.POST -> "\"text\":\"Post " + (entry.number() + 1) + " of " + did + "\",\"langs\":[\"en\"]";
            case Records.LIKE -> "\"subject\":{\"uri\":\"at://" + did + "/app.bsky.feed.post/3jzfcijpj2z2a\","
                    + "\"cid\":\"" + Cid.ofHash(Cid.sha256(did.getBytes(StandardCharsets.UTF_8))) + "\"}";
            case Records.FOLLOW -> "\"subject\":\"did:plc:" + "z".repeat(24) + "\"";
            default -> note(oddity(records, entry));
        };
        return "{\"$type\":\"" + entry.collection() + "\"," + fields + ",\"createdAt\":\"" + time + "\"}";
    }

    private static int oddity(Records records, Records.Entry entry) {
        int start = entry.number() == 0 && records.counts().get(Records.NOTE) < ODDITIES
                ? Seeded.below(NO_ODDITY, records.draw(), ODDITY_SALT)
                : 0;
        return start + entry.number();
    }

    private static String note(int oddity) {
        return switch (oddity) {
            case 0 -> "\"text\":\"a zero \\u0000 in the middle\"";
            case 1 -> "\"text\":\"half a pair \\ud800 and the other half \\udc00\"";
            case 2 -> "\"numbers\":[1e400,-1e400,123456789012345678901234567890,9007199254740993,1e-400,-0.0]";
            case 3 -> "\"deep\":" + "[".repeat(DEEP) + "]".repeat(DEEP);
            case 4 -> "\"zero\\u0000in a key\":1,\"half\\ud83d\":2";
            case 5 -> "\"twice\":1,\"twice\":2";
            case 6 -> "\"text\":\"" + "long ".repeat(LONG / 5) + "\"";
            case 7 -> "\"huge\":1e200000";
            case 8 -> "\"text\":null,\"\":\"an empty key\",\"__proto__\":{},\"list\":[null,[],{}]";
            case 9 -> "\"link\":{\"$link\":5},\"bytes\":{\"$bytes\":\"not base64!\"},\"$type\":\"another type\"";
            default -> "\"text\":\"a note that no schema describes\"";
        };
    }
}
