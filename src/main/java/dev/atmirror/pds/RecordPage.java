package dev.atmirror.pds;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A page of {@code com.atproto.repo.listRecords}. Values are kept as the host wrote them: cut out of the text, never
 * parsed and written again.
 *
 * @param malformed entries that are no records of the collection
 */
public record RecordPage(List<Entry> records, Optional<String> cursor, int malformed) {
    /**
     * @param value JSON that PostgreSQL's {@code jsonb} takes
     * @param raw the exact text, where that is not the value
     */
    public record Entry(String rkey, String cid, String value, Optional<String> raw) {}

    private static final int LONGEST_RKEY = 512; // AT Protocol, "Record Key"
    private static final int LONGEST_CID = 128;
    private static final int LONGEST_CURSOR = 2048;

    /**
     * Bounds that no honest page meets: a record beyond what is stored must cost itself, not the page. A level of
     * nesting takes some 60 bytes while it is read.
     */
    private static final JsonFactory PAGES = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(100_000)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();

    /**
     * @param repo DID that was asked for; records of another are none of it
     * @throws MalformedAnswer when it is no such page
     */
    public static RecordPage of(HostAnswer answer, String repo, String collection) throws MalformedAnswer {
        String text = answer.text();
        try (JsonParser json = PAGES.createParser(text)) {
            return new Reader(text, json, "at://" + repo + "/" + collection + "/").page();
        } catch (JsonProcessingException e) {
            throw new MalformedAnswer("no JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new MalformedAnswer("no JSON", e);
        }
    }

    private static final class Reader {
        private final String text;
        private final JsonParser json;
        private final String prefix;
        private final List<Entry> records = new ArrayList<>();
        private Optional<String> cursor = Optional.empty();
        private boolean found;
        private int malformed;

        Reader(String text, JsonParser json, String prefix) {
            this.text = text;
            this.json = json;
            this.prefix = prefix;
        }

        RecordPage page() throws IOException, MalformedAnswer {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedAnswer("no JSON object");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if (name.equals("records") && value == JsonToken.START_ARRAY) {
                    found = true;
                    readRecords();
                } else if (name.equals("cursor") && value == JsonToken.VALUE_STRING) {
                    cursor = Optional.of(json.getText())
                            .filter(c -> !c.isEmpty() && c.length() <= LONGEST_CURSOR && Answers.isPlain(c));
                } else {
                    json.skipChildren();
                }
            }
            if (json.nextToken() != null) {
                throw new MalformedAnswer("more than a JSON object");
            }
            if (!found) {
                throw new MalformedAnswer("listRecords without records");
            }
            return new RecordPage(records, cursor, malformed);
        }

        private void readRecords() throws IOException {
            while (json.nextToken() != JsonToken.END_ARRAY) {
                if (json.currentToken() != JsonToken.START_OBJECT) {
                    json.skipChildren();
                    malformed++;
                } else {
                    readRecord();
                }
            }
        }

        private void readRecord() throws IOException {
            String uri = "";
            String cid = "";
            Optional<StorableJson> value = Optional.empty();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken token = json.nextToken();
                if (name.equals("value")) {
                    value = StorableJson.read(json, text);
                } else if (token == JsonToken.VALUE_STRING && name.equals("uri")) {
                    uri = json.getText();
                } else if (token == JsonToken.VALUE_STRING && name.equals("cid")) {
                    cid = json.getText();
                } else {
                    json.skipChildren();
                }
            }
            String rkey = uri.startsWith(prefix) ? uri.substring(prefix.length()) : "";
            boolean usable = rkey.matches("[a-zA-Z0-9_~.:-]{1," + LONGEST_RKEY + "}")
                    && cid.length() <= LONGEST_CID
                    && Answers.isPlain(cid)
                    && value.isPresent();
            if (usable) {
                records.add(new Entry(rkey, cid, value.get().value(), value.get().raw()));
            } else {
                malformed++;
            }
        }
    }
}
