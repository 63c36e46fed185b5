package dev.atmirror.identity;

import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * JSON to DAG-CBOR, byte for byte as the reference encodes it: map keys sorted by length and then bytewise, definite
 * lengths, shortest integers. Whole numbers are integers as far as JavaScript holds them exactly. Works on the tree as
 * received, so that unknown fields count towards the hash (did-method-plc issue 71).
 */
public final class DagCbor {
    private static final CBORFactory FACTORY = CBORFactory.builder()
            .enable(CBORGenerator.Feature.WRITE_MINIMAL_INTS)
            .build();

    private static final int TYPICAL_SIZE = 1024;

    private DagCbor() {}

    /** @throws IllegalArgumentException for what has no DAG-CBOR form, such as lone surrogates */
    public static byte[] encode(JsonNode value) {
        return encodeWithout(value, null);
    }

    /** Encodes the map {@code value} as if it had no field {@code omitted}. */
    public static byte[] encodeWithout(JsonNode value, String omitted) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(TYPICAL_SIZE);
        try (CBORGenerator generator = FACTORY.createGenerator(out)) {
            write(generator, value, omitted);
        } catch (IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        return out.toByteArray();
    }

    private static void write(CBORGenerator out, JsonNode node, String omitted) throws IOException {
        switch (node.getNodeType()) {
            case OBJECT -> writeMap(out, node, omitted);
            case ARRAY -> {
                out.writeStartArray(node, node.size());
                for (JsonNode element : node) {
                    write(out, element, null);
                }
                out.writeEndArray();
            }
            case STRING -> {
                byte[] utf8 = utf8(node.textValue());
                out.writeUTF8String(utf8, 0, utf8.length);
            }
            case NUMBER -> writeNumber(out, node);
            case BOOLEAN -> out.writeBoolean(node.booleanValue());
            case NULL -> out.writeNull();
            default -> throw new IllegalArgumentException("no DAG-CBOR form for " + node.getNodeType());
        }
    }

    private static void writeNumber(CBORGenerator out, JsonNode node) throws IOException {
        double value = node.doubleValue(); // JavaScript knows no other numbers
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw new IllegalArgumentException("number out of range");
        }
        if (value == Math.rint(value) && Math.abs(value) < 1L << 53) {
            out.writeNumber((long) value);
        } else {
            out.writeNumber(value);
        }
    }

    private record Field(byte[] key, JsonNode value) {}

    private static void writeMap(CBORGenerator out, JsonNode map, String omitted) throws IOException {
        List<Field> fields = new ArrayList<>(map.size());
        Iterator<Map.Entry<String, JsonNode>> entries = map.fields();
        while (entries.hasNext()) {
            Map.Entry<String, JsonNode> entry = entries.next();
            if (!entry.getKey().equals(omitted)) {
                fields.add(new Field(utf8(entry.getKey()), entry.getValue()));
            }
        }
        fields.sort((a, b) -> a.key.length != b.key.length
                ? Integer.compare(a.key.length, b.key.length)
                : Arrays.compareUnsigned(a.key, b.key));
        out.writeStartObject(map, fields.size());
        for (Field field : fields) {
            // Not the String form: that one writes long names in chunks, which DAG-CBOR forbids.
            out.writeFieldName(new SerializedString(new String(field.key, StandardCharsets.UTF_8)));
            write(out, field.value, null);
        }
        out.writeEndObject();
    }

    private static byte[] utf8(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        // Same length: plain ASCII, or a lone surrogate, of which getBytes makes a question mark.
        boolean certain = bytes.length == text.length();
        for (int i = 0; certain && i < bytes.length; i++) {
            certain = bytes[i] != '?';
        }
        return certain ? bytes : strictUtf8(text);
    }

    private static byte[] strictUtf8(String text) {
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8
                    .newEncoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .encode(CharBuffer.wrap(text));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a string holds a lone surrogate", e);
        }
    }
}
