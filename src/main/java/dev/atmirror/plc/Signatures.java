package dev.atmirror.plc;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.atmirror.identity.DidKey;
import fr.acinq.secp256k1.Secp256k1;
import fr.acinq.secp256k1.Secp256k1Exception;
import java.math.BigInteger;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ECDSA over secp256k1 and P-256 as the atproto cryptography specification demands it: 64 bytes r‖s in strict base64url,
 * low-S for both curves. The JDK would take padding, loose trailing bits and high-S, and lacks secp256k1.
 */
public final class Signatures {
    private static final int LENGTH = 64;
    private static final int TEXT_LENGTH = 86; // 64 bytes in base64url without padding
    private static final String NO_TRAILING_BITS = "AQgw"; // last characters whose four bits beyond the 64 bytes are zero
    private static final int KEYS_CACHED = 50_000; // most accounts share a few keys; a decoded key is about 200 bytes

    private static final Curve P256 = new Curve(CustomNamedCurves.getByName("P-256"));
    private static final Curve K256 = new Curve(CustomNamedCurves.getByName("secp256k1"));
    private static final Optional<Secp256k1> NATIVE = loadNative();

    private record Curve(ECDomainParameters domain, BigInteger halfOrder) {
        Curve(X9ECParameters x9) {
            this(new ECDomainParameters(x9), x9.getN().shiftRight(1));
        }
    }

    /** Loaded when the first P-256 key comes, as a start has better things to do. */
    private static final class P256Library {
        static final Optional<NativeP256> LOADED = NativeP256.load();
    }

    /** One key's equation, by whatever library. */
    private interface Check {
        /** @param s the second half of the signature */
        boolean verifies(byte[] hash, byte[] signature, BigInteger s);
    }

    private record Decoded(Curve curve, Check check) {}

    private final Cache<String, Optional<Decoded>> keys =
            Caffeine.newBuilder().maximumSize(KEYS_CACHED).build();
    private final boolean preferNative;

    Signatures() {
        this(true);
    }

    /** @param preferNative false keeps to Bouncy Castle even where native libraries load */
    Signatures(boolean preferNative) {
        this.preferNative = preferNative;
    }

    private static Optional<Secp256k1> loadNative() {
        try {
            return Optional.of(Secp256k1.get());
        } catch (LinkageError | IllegalStateException e) {
            Logger log = LoggerFactory.getLogger(Signatures.class);
            log.warn("libsecp256k1 does not load here ({}); Bouncy Castle takes over at a third of its speed", e.toString());
            return Optional.empty();
        }
    }

    /** @return the 64 bytes, or empty for any other text */
    static Optional<byte[]> decode(String sig) {
        if (sig.length() != TEXT_LENGTH) {
            return Optional.empty();
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(sig);
            // The decoder lets padding and trailing bits pass: the former leaves less than 64 bytes.
            boolean strict = bytes.length == LENGTH && NO_TRAILING_BITS.indexOf(sig.charAt(TEXT_LENGTH - 1)) >= 0;
            return strict ? Optional.of(bytes) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Finds the key that signed. Tries the last key first, since a host's own key, the weakest, signs nearly always.
     *
     * @param hash sha-256 of the DAG-CBOR without sig
     * @return its index; of a key listed twice the first index, as that decides its rank; -1 for none
     */
    int signer(List<String> allowedKeys, byte[] hash, byte[] signature) {
        for (int i = allowedKeys.size() - 1; i >= 0; i--) {
            String key = allowedKeys.get(i);
            if (verifies(key, hash, signature)) {
                return allowedKeys.indexOf(key);
            }
        }
        return -1;
    }

    boolean verifies(String didKey, byte[] hash, byte[] signature) {
        Optional<Decoded> decoded = keys.get(didKey, this::decodeKey);
        if (decoded.isEmpty()) {
            return false;
        }
        Decoded key = decoded.get();
        BigInteger s = new BigInteger(1, Arrays.copyOfRange(signature, LENGTH / 2, LENGTH));
        return s.compareTo(key.curve.halfOrder) <= 0 && key.check.verifies(hash, signature, s);
    }

    /** Whether it names a point of a curve. */
    boolean isKey(String didKey) {
        return keys.get(didKey, this::decodeKey).isPresent();
    }

    private Optional<Decoded> decodeKey(String didKey) {
        return DidKey.parse(didKey).flatMap(key -> {
            boolean p256 = key.curve() == DidKey.Curve.P256;
            try {
                return Optional.of(p256 ? new Decoded(P256, p256(key.point())) : new Decoded(K256, k256(key.point())));
            } catch (Secp256k1Exception | IllegalArgumentException e) {
                return Optional.empty(); // not a point of the curve
            }
        });
    }

    private Check k256(byte[] point) {
        if (!preferNative || NATIVE.isEmpty()) {
            return bouncyCastle(K256, point);
        }
        Secp256k1 library = NATIVE.get();
        byte[] uncompressed = library.pubkeyParse(point); // saves the square root at each check
        return (hash, signature, s) -> {
            try {
                return library.verify(signature, hash, uncompressed);
            } catch (Secp256k1Exception e) {
                return false; // r or s is out of range
            }
        };
    }

    private Check p256(byte[] point) {
        if (!preferNative || P256Library.LOADED.isEmpty()) {
            return bouncyCastle(P256, point);
        }
        NativeP256 library = P256Library.LOADED.get();
        PublicKey key = library.key(point);
        BigInteger order = P256.domain.getN();
        return (hash, signature, s) -> library.verifies(key, hash, order, r(signature), s);
    }

    private static Check bouncyCastle(Curve curve, byte[] point) {
        ECPublicKeyParameters key =
                new ECPublicKeyParameters(curve.domain.getCurve().decodePoint(point), curve.domain);
        return (hash, signature, s) -> {
            ECDSASigner verifier = new ECDSASigner();
            verifier.init(false, key);
            return verifier.verifySignature(hash, r(signature), s);
        };
    }

    private static BigInteger r(byte[] signature) {
        return new BigInteger(1, Arrays.copyOf(signature, LENGTH / 2));
    }
}
