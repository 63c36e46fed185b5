package dev.atmirror.testkit;

import dev.atmirror.identity.DidKey;
import fr.acinq.secp256k1.Secp256k1;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;

/** A key pair whose signatures are deterministic and low-S; {@link #highS} makes the forbidden twin of one. */
public final class SigningKey {
    private static final X9ECParameters P256 = CustomNamedCurves.getByName("P-256");
    private static final X9ECParameters K256 = CustomNamedCurves.getByName("secp256k1");

    private static final Map<String, SigningKey> KEYS = new ConcurrentHashMap<>();

    private final DidKey.Curve curve;
    private final BigInteger secret;
    private final String didKey;

    private SigningKey(DidKey.Curve curve, String name) {
        this.curve = curve;
        byte[] hash = dev.atmirror.identity.Cid.sha256(name.getBytes(StandardCharsets.UTF_8));
        this.secret = new BigInteger(1, hash).mod(parameters().getN().subtract(BigInteger.ONE)).add(BigInteger.ONE);
        this.didKey = DidKey.format(curve, parameters().getG().multiply(secret).normalize().getEncoded(true));
    }

    /** The same name always makes the same key. */
    public static SigningKey k256(String name) {
        return KEYS.computeIfAbsent("k256 " + name, key -> new SigningKey(DidKey.Curve.SECP256K1, name));
    }

    public static SigningKey p256(String name) {
        return KEYS.computeIfAbsent("p256 " + name, key -> new SigningKey(DidKey.Curve.P256, name));
    }

    public String didKey() {
        return didKey;
    }

    private X9ECParameters parameters() {
        return curve == DidKey.Curve.P256 ? P256 : K256;
    }

    /** @return r and s, 32 bytes each */
    public byte[] sign(byte[] hash) {
        if (curve == DidKey.Curve.SECP256K1) {
            return Secp256k1.get().sign(hash, unsigned(secret));
        }
        ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
        signer.init(true, new ECPrivateKeyParameters(secret, new ECDomainParameters(P256)));
        BigInteger[] rs = signer.generateSignature(hash);
        BigInteger low = rs[1].compareTo(P256.getN().shiftRight(1)) > 0 ? P256.getN().subtract(rs[1]) : rs[1];
        return join(rs[0], low);
    }

    /** The other signature that the same equation accepts. */
    public byte[] highS(byte[] signature) {
        BigInteger r = new BigInteger(1, Arrays.copyOf(signature, 32));
        BigInteger s = new BigInteger(1, Arrays.copyOfRange(signature, 32, 64));
        return join(r, parameters().getN().subtract(s));
    }

    private static byte[] join(BigInteger r, BigInteger s) {
        byte[] both = new byte[64];
        System.arraycopy(unsigned(r), 0, both, 0, 32);
        System.arraycopy(unsigned(s), 0, both, 32, 32);
        return both;
    }

    private static byte[] unsigned(BigInteger number) {
        byte[] bytes = new byte[32];
        byte[] signed = number.toByteArray();
        int length = Math.min(32, signed.length);
        System.arraycopy(signed, signed.length - length, bytes, 32 - length, length);
        return bytes;
    }
}
