package dev.atmirror.pds;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/**
 * Reads a JSON value into a tree, up to a number of values; what comes behind is passed over. A tree takes thirty times the
 * memory of {@code [{},{},{}]}, so of four megabytes by a stranger it would fill a quarter of the heap.
 */
final class SmallTree {
    private static final int MOST_VALUES = 20_000;
    private static final int MOST_DEPTH = 4; // no answer has anything of use below

    private final JsonParser json;
    private int values;

    SmallTree(JsonParser json) {
        this.json = json;
    }

    /** The object that begins at the present token, to its end. @param taker of its members */
    ObjectNode object(Answers.MemberTaker taker) throws IOException {
        return object(taker, 1);
    }

    private ObjectNode object(Answers.MemberTaker taker, int depth) throws IOException {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken token = json.nextToken();
            if (taker.take(json, name)) {
                continue;
            }
            if (isLeftOut(token, depth)) {
                json.skipChildren();
                continue;
            }
            switch (token) {
                case START_OBJECT -> node.set(name, object((parser, member) -> false, depth + 1));
                case START_ARRAY -> node.set(name, array(depth + 1));
                case VALUE_STRING -> node.put(name, json.getText());
                case VALUE_TRUE, VALUE_FALSE -> node.put(name, json.getBooleanValue());
                case VALUE_NULL -> node.putNull(name);
                case VALUE_NUMBER_INT -> node.put(name, json.getBigIntegerValue());
                default -> node.put(name, 0.5); // of no use to anyone but as a number that is not whole
            }
        }
        return node;
    }

    private ArrayNode array(int depth) throws IOException {
        ArrayNode node = JsonNodeFactory.instance.arrayNode();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            JsonToken token = json.currentToken();
            if (isLeftOut(token, depth)) {
                json.skipChildren();
                continue;
            }
            switch (token) {
                case START_OBJECT -> node.add(object((parser, member) -> false, depth + 1));
                case START_ARRAY -> node.add(array(depth + 1));
                case VALUE_STRING -> node.add(json.getText());
                default -> node.addNull(); // no list of flags or numbers is read
            }
        }
        return node;
    }

    private boolean isLeftOut(JsonToken token, int depth) {
        return token.isStructStart() && depth >= MOST_DEPTH || ++values > MOST_VALUES;
    }
}
