package dev.atmirror.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.apache.commons.codec.binary.Base32;

/** Content identifiers of operations: CIDv1, dag-cbor, sha-256, in lower-case base32 without padding. */
public final class Cid {
    /** What every such CID starts with: the four constant bytes and the two zero bits that pad them to whole characters. */
    public static final String PREFIX = "bafyrei";

    private static final byte[] HEADER = {0x01, 0x71, 0x12, 0x20};
    private static final byte[] ALPHABET = "abcdefghijklmnopqrstuvwxyz234567".getBytes(StandardCharsets.US_ASCII);
    private static final Base32 BASE32 = Base32.builder().setEncodeTable(ALPHABET).get();
    private static final int LENGTH = 59;

    private Cid() {}

    public static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
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

    static String base32(byte[] bytes) {
        String padded = new String(BASE32.encode(bytes), StandardCharsets.US_ASCII);
        int end = padded.length();
        while (end > 0 && padded.charAt(end - 1) == '=') {
            end--;
        }
        return padded.substring(0, end);
    }
}
