package dev.atmirror.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * JSON to DAG-CBOR, byte for byte as the reference encodes it: map keys sorted by length and then bytewise, definite
 * lengths, shortest integers. Whole numbers are integers as far as JavaScript holds them exactly. Works on the tree as
 * received, so that unknown fields count towards the hash (did-method-plc issue 71).
 */
public final class DagCbor {
    private static final int UNSIGNED = 0; // major types, RFC 8949, section 3.1
    private static final int NEGATIVE = 1;
    private static final int TEXT = 3;
    private static final int ARRAY = 4;
    private static final int MAP = 5;
    private static final byte FALSE = (byte) 0xf4;
    private static final byte TRUE = (byte) 0xf5;
    private static final byte NULL = (byte) 0xf6;
    private static final byte DOUBLE = (byte) 0xfb;
    private static final int SHORT_HEAD = 24; // numbers below stand in the head itself

    private static final int TYPICAL_SIZE = 1024;

    private byte[] bytes;
    private int size;

    private DagCbor(int capacity) {
        bytes = new byte[capacity];
    }

    /** @throws IllegalArgumentException for what has no DAG-CBOR form, such as lone surrogates */
    public static byte[] encode(JsonNode value) {
        DagCbor out = new DagCbor(TYPICAL_SIZE);
        out.write(value);
        return Arrays.copyOf(out.bytes, out.size);
    }

    /** @param whole sha-256 of the encoded map @param without sha-256 of the map encoded without the field */
    public record Hashes(byte[] whole, byte[] without) {}

    /**
     * Both hashes of one encoding, since the map without the field differs from the whole only in its head and in that
     * stretch.
     *
     * @throws IllegalArgumentException as {@link #encode}; and for a map that lacks the field
     */
    public static Hashes hashes(ObjectNode map, String field) {
        if (!map.has(field)) {
            throw new IllegalArgumentException("no field " + field);
        }
        DagCbor out = new DagCbor(TYPICAL_SIZE);
        out.head(MAP, map.size());
        int body = out.size;
        int from = body;
        int to = body;
        for (Field entry : sorted(map)) {
            boolean apart = entry.name.equals(field);
            from = apart ? out.size : from;
            out.write(entry);
            to = apart ? out.size : to;
        }
        MessageDigest digest = Cid.sha256();
        digest.update(out.bytes, 0, out.size);
        byte[] whole = digest.digest();
        DagCbor head = new DagCbor(1 + Long.BYTES);
        head.head(MAP, map.size() - 1L);
        digest.update(head.bytes, 0, head.size);
        digest.update(out.bytes, body, from - body);
        digest.update(out.bytes, to, out.size - to);
        return new Hashes(whole, digest.digest());
    }

    private void write(JsonNode node) {
        switch (node.getNodeType()) {
            case OBJECT -> {
                head(MAP, node.size());
                sorted(node).forEach(this::write);
            }
            case ARRAY -> {
                head(ARRAY, node.size());
                for (int i = 0; i < node.size(); i++) {
                    write(node.get(i));
                }
            }
            case STRING -> writeText(utf8(node.textValue()));
            case NUMBER -> writeNumber(node);
            case BOOLEAN -> writeByte(node.booleanValue() ? TRUE : FALSE);
            case NULL -> writeByte(NULL);
            default -> throw new IllegalArgumentException("no DAG-CBOR form for " + node.getNodeType());
        }
    }

    private void writeNumber(JsonNode node) {
        double value = node.doubleValue(); // JavaScript knows no other numbers
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw new IllegalArgumentException("number out of range");
        }
        if (value == Math.rint(value) && Math.abs(value) < 1L << 53) {
            long whole = (long) value;
            head(whole < 0 ? NEGATIVE : UNSIGNED, whole < 0 ? -1 - whole : whole);
        } else {
            writeByte(DOUBLE);
            writeBigEndian(Double.doubleToLongBits(value), Double.BYTES);
        }
    }

    private record Field(String name, byte[] key, JsonNode value) {}

    private static List<Field> sorted(JsonNode map) {
        List<Field> fields = new ArrayList<>(map.size());
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            fields.add(new Field(entry.getKey(), utf8(entry.getKey()), entry.getValue()));
        }
        fields.sort((a, b) -> a.key.length != b.key.length
                ? Integer.compare(a.key.length, b.key.length)
                : Arrays.compareUnsigned(a.key, b.key));
        return fields;
    }

    private void write(Field field) {
        writeText(field.key);
        write(field.value);
    }

    private void writeText(byte[] utf8) {
        head(TEXT, utf8.length);
        reserve(utf8.length);
        System.arraycopy(utf8, 0, bytes, size, utf8.length);
        size += utf8.length;
    }

    /** The start of every item: its type and its value or length in the fewest bytes. */
    private void head(int major, long number) {
        if (number < SHORT_HEAD) {
            writeByte((byte) (major << 5 | (int) number));
            return;
        }
        int power = number <= 0xff ? 0 : number <= 0xffff ? 1 : number <= 0xffff_ffffL ? 2 : 3;
        writeByte((byte) (major << 5 | SHORT_HEAD + power));
        writeBigEndian(number, 1 << power);
    }

    private void writeBigEndian(long number, int length) {
        for (int shift = (length - 1) * Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            writeByte((byte) (number >> shift));
        }
    }

    private void writeByte(byte value) {
        reserve(1);
        bytes[size++] = value;
    }

    private void reserve(int more) {
        if (more > bytes.length - size) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), bytes.length * 2));
        }
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
