package dev.atmirror.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.identity.Cid;
import dev.atmirror.identity.DagCbor;
import dev.atmirror.identity.DidKey;
import dev.atmirror.identity.PlcOperation;
import fr.acinq.secp256k1.Secp256k1;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.util.BigIntegers;

/**
 * A key pair that signs operations: ECDSA with deterministic nonces (RFC 6979) and low-S. Keys come from labels, so
 * that a sandbox can be made again. They protect nothing: whoever knows the label has the key.
 */
public final class SigningKey {
    private static final int HALF = 32;
    private static final Optional<Secp256k1> NATIVE = loadNative();

    private final DidKey.Curve curve;
    private final BigInteger secret;
    private final String didKey;

    private SigningKey(DidKey.Curve curve, BigInteger secret) {
        this.curve = curve;
        this.secret = secret;
        this.didKey = DidKey.format(curve, publicPoint());
    }

    private static Optional<Secp256k1> loadNative() {
        try {
            return Optional.of(Secp256k1.get());
        } catch (LinkageError | IllegalStateException e) {
            return Optional.empty(); // Bouncy Castle makes the same signatures, only more slowly.
        }
    }

    /** The curves' parameters, loaded when first needed: it takes a moment. */
    private static final class Domains {
        static final ECDomainParameters P256 = domain("P-256");
        static final ECDomainParameters K256 = domain("secp256k1");

        private static ECDomainParameters domain(String name) {
            X9ECParameters x9 = CustomNamedCurves.getByName(name);
            return new ECDomainParameters(x9);
        }
    }

    /** The same label gives the same key. */
    public static SigningKey of(DidKey.Curve curve, String label) {
        for (int attempt = 0; ; attempt++) {
            byte[] seed = (label + "#" + attempt).getBytes(StandardCharsets.UTF_8);
            BigInteger secret = new BigInteger(1, Cid.sha256(seed));
            // Out of range once in 2^32 for P-256, and practically never for secp256k1.
            if (secret.signum() > 0 && secret.compareTo(domain(curve).getN()) < 0) {
                return new SigningKey(curve, secret);
            }
        }
    }

    /** The public key as {@code did:key:z…}. */
    public String didKey() {
        return didKey;
    }

    /**
     * Signs an operation.
     *
     * @param unsigned without {@code sig}; is left as it is
     * @throws IllegalArgumentException when it has not the structure of an operation
     */
    public PlcOperation sign(ObjectNode unsigned) {
        byte[] signature = sign(Cid.sha256(DagCbor.encode(unsigned)));
        ObjectNode signed = unsigned.deepCopy();
        signed.put("sig", Base64.getUrlEncoder().withoutPadding().encodeToString(signature));
        return PlcOperation.of(signed);
    }

    /** @return r and s, 32 bytes each */
    byte[] sign(byte[] hash) {
        if (curve == DidKey.Curve.SECP256K1 && NATIVE.isPresent()) {
            return NATIVE.get().sign(hash, BigIntegers.asUnsignedByteArray(HALF, secret));
        }
        return signInJava(hash);
    }

    byte[] signInJava(byte[] hash) {
        ECDomainParameters domain = domain(curve);
        ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
        signer.init(true, new ECPrivateKeyParameters(secret, domain));
        BigInteger[] pair = signer.generateSignature(hash);
        BigInteger order = domain.getN();
        BigInteger low = pair[1].compareTo(order.shiftRight(1)) > 0 ? order.subtract(pair[1]) : pair[1];
        byte[] signature = Arrays.copyOf(BigIntegers.asUnsignedByteArray(HALF, pair[0]), 2 * HALF);
        System.arraycopy(BigIntegers.asUnsignedByteArray(HALF, low), 0, signature, HALF, HALF);
        return signature;
    }

    private byte[] publicPoint() {
        if (curve == DidKey.Curve.SECP256K1 && NATIVE.isPresent()) {
            Secp256k1 library = NATIVE.get();
            return library.pubKeyCompress(library.pubkeyCreate(BigIntegers.asUnsignedByteArray(HALF, secret)));
        }
        return new FixedPointCombMultiplier().multiply(domain(curve).getG(), secret).getEncoded(true);
    }

    private static ECDomainParameters domain(DidKey.Curve curve) {
        return curve == DidKey.Curve.P256 ? Domains.P256 : Domains.K256;
    }
}
