package dev.atmirror.pds;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Optional;

/** JSON as strangers write it: deeper and longer than operations may be, still bounded. */
final class Answers {
    /** PostgreSQL's parser recurses; this is far within its stack. */
    static final int MAX_DEPTH = 1000;

    static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .build())
            .build();

    private static final JsonMapper MAPPER = JsonMapper.builder(FACTORY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Answers() {}

    /** @throws MalformedAnswer when it is no JSON object */
    static JsonNode object(HostAnswer answer) throws MalformedAnswer {
        try {
            JsonNode root = MAPPER.readTree(answer.text());
            if (root != null && root.isObject()) {
                return root;
            }
        } catch (JsonProcessingException e) {
            throw new MalformedAnswer("no JSON: " + e.getOriginalMessage(), e);
        }
        throw new MalformedAnswer("no JSON object");
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
