package dev.atmirror.pds;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** JSON as strangers write it: deeper and longer than operations may be, still bounded. */
final class Answers {
    /** PostgreSQL's parser recurses; this is far within its stack. */
    static final int MAX_DEPTH = 1000;

    static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .build())
            .build();

    private Answers() {}

    /** @throws MalformedAnswer when it is no JSON object */
    static JsonNode object(HostAnswer answer) throws MalformedAnswer {
        return object(answer, (json, name) -> false);
    }

    /**
     * The members of an answer that is a list, without the list: its entries are handed over one by one, since there may be
     * any number of them.
     *
     * @param list the member with the entries
     * @param entries takes an object, or a JSON null for an entry that is none
     * @throws MalformedAnswer when it is no JSON object with such a list; some entries may have been taken by then
     */
    static JsonNode list(HostAnswer answer, String list, Consumer<JsonNode> entries) throws MalformedAnswer {
        AtomicBoolean found = new AtomicBoolean();
        JsonNode rest = object(answer, (json, name) -> {
            if (!name.equals(list) || json.currentToken() != JsonToken.START_ARRAY) {
                return false;
            }
            found.set(true);
            while (json.nextToken() != JsonToken.END_ARRAY) {
                boolean isObject = json.currentToken() == JsonToken.START_OBJECT;
                entries.accept(isObject ? new SmallTree(json).object((parser, member) -> false) : NullNode.instance);
                json.skipChildren();
            }
            return true;
        });
        if (!found.get()) {
            throw new MalformedAnswer("an answer without " + list);
        }
        return rest;
    }

    private static JsonNode object(HostAnswer answer, MemberTaker taker) throws MalformedAnswer {
        try (JsonParser json = FACTORY.createParser(reader(answer))) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedAnswer("no JSON object");
            }
            ObjectNode root = new SmallTree(json).object(taker);
            if (json.nextToken() != null) {
                throw new MalformedAnswer("more than a JSON object");
            }
            return root;
        } catch (JsonProcessingException e) {
            throw new MalformedAnswer("no JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new MalformedAnswer("no JSON", e);
        }
    }

    /** Takes a member out of an object that is read. */
    interface MemberTaker {
        /** @param json at the member's value; to be left at its end @return false to leave the member to the tree */
        boolean take(JsonParser json, String name) throws IOException;
    }

    /** What is no UTF-8 becomes U+FFFD, without a copy of the whole. */
    private static Reader reader(HostAnswer answer) {
        return new InputStreamReader(new ByteArrayInputStream(answer.body()), StandardCharsets.UTF_8);
    }

    /** A member that is text, not longer than given, and free of control characters and lone surrogates. */
    static Optional<String> text(JsonNode node, String name, int longest) {
        return Optional.ofNullable(node.get(name))
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .filter(text -> text.length() <= longest && isPlain(text));
    }

    static boolean isPlain(String text) {
        return text.codePoints().noneMatch(c -> c < ' ' || c == 0x7f || Character.getType(c) == Character.SURROGATE);
    }
}
