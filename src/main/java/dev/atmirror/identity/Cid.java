package dev.atmirror.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Content identifiers of operations: CIDv1, dag-cbor, sha-256, in lower-case base32 without padding. */
public final class Cid {
    /** What every such CID starts with: the four constant bytes and the two zero bits that pad them to whole characters. */
    public static final String PREFIX = "bafyrei";

    private static final byte[] HEADER = {0x01, 0x71, 0x12, 0x20};
    private static final byte[] ALPHABET = "abcdefghijklmnopqrstuvwxyz234567".getBytes(StandardCharsets.US_ASCII);
    private static final int BITS = 5; // in a character of base32
    private static final int MASK = 31;
    private static final int LENGTH = 59;

    private Cid() {}

    public static byte[] sha256(byte[] bytes) {
        return sha256().digest(bytes);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // Every JDK has it.
        }
    }

    /** @param hash sha-256 of the DAG-CBOR of an operation */
    public static String ofHash(byte[] hash) {
        byte[] cid = new byte[HEADER.length + hash.length];
        System.arraycopy(HEADER, 0, cid, 0, HEADER.length);
        System.arraycopy(hash, 0, cid, HEADER.length, hash.length);
        return "b" + base32(cid);
    }

    public static boolean isOperationCid(String text) {
        return text.length() == LENGTH && text.startsWith(PREFIX);
    }

    // Not Commons Codec's: that one takes two buffers of 8 KB for every text, a quarter of all garbage of an ingest.
    static String base32(byte[] bytes) {
        byte[] text = new byte[(bytes.length * Byte.SIZE + BITS - 1) / BITS];
        int pending = 0;
        int bits = 0; // of pending that no character stands for yet
        int size = 0;
        for (byte next : bytes) {
            pending = pending << Byte.SIZE | next & 0xff;
            for (bits += Byte.SIZE; bits >= BITS; bits -= BITS) {
                text[size++] = ALPHABET[pending >> bits - BITS & MASK];
            }
        }
        if (bits > 0) {
            text[size] = ALPHABET[pending << BITS - bits & MASK];
        }
        return new String(text, StandardCharsets.ISO_8859_1);
    }
}
