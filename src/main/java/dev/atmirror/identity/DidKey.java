package dev.atmirror.identity;

import java.util.Arrays;
import java.util.Optional;
import org.apache.commons.codec.binary.Base58;

/** A {@code did:key} of one of the two curves that may sign: compressed point, 33 bytes. */
public record DidKey(Curve curve, byte[] point) {
    /** The curves of the atproto cryptography specification. */
    public enum Curve {
        SECP256K1,
        P256
    }

    private static final String PREFIX = "did:key:z";
    private static final int MULTICODEC_LENGTH = 2;
    private static final int POINT_LENGTH = 33;
    private static final byte EVEN_Y = 2; // the two tags of compressed points, SEC 1, section 2.3.3
    private static final byte ODD_Y = 3;
    private static final int MAX_TEXT = 256;

    /** @return empty for other key types (ed25519, BLS…) and for what is no did:key at all */
    public static Optional<DidKey> parse(String text) {
        if (!text.startsWith(PREFIX) || text.length() > MAX_TEXT) {
            return Optional.empty();
        }
        byte[] bytes;
        try {
            bytes = new Base58().decode(text.substring(PREFIX.length()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (bytes.length != MULTICODEC_LENGTH + POINT_LENGTH) {
            return Optional.empty();
        }
        byte[] point = Arrays.copyOfRange(bytes, MULTICODEC_LENGTH, bytes.length);
        if (point[0] != EVEN_Y && point[0] != ODD_Y) {
            return Optional.empty();
        }
        if (bytes[0] == (byte) 0xe7 && bytes[1] == 0x01) {
            return Optional.of(new DidKey(Curve.SECP256K1, point));
        }
        if (bytes[0] == (byte) 0x80 && bytes[1] == 0x24) {
            return Optional.of(new DidKey(Curve.P256, point));
        }
        return Optional.empty();
    }

    public static String format(Curve curve, byte[] compressedPoint) {
        byte[] bytes = new byte[MULTICODEC_LENGTH + POINT_LENGTH];
        bytes[0] = (byte) (curve == Curve.SECP256K1 ? 0xe7 : 0x80);
        bytes[1] = (byte) (curve == Curve.SECP256K1 ? 0x01 : 0x24);
        System.arraycopy(compressedPoint, 0, bytes, MULTICODEC_LENGTH, POINT_LENGTH);
        return PREFIX + new Base58().encodeToString(bytes);
    }
}
