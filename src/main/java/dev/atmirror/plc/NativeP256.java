package dev.atmirror.plc;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.io.IOException;
import java.math.BigInteger;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Optional;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** P-256 by AWS-LC. Takes what Bouncy Castle takes: any r and s below the order, so low-S is for the caller to check. */
final class NativeP256 {
    private static final AlgorithmIdentifier P256 =
            new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, SECObjectIdentifiers.secp256r1);

    private final Provider provider;

    private NativeP256(Provider provider) {
        this.provider = provider;
    }

    /** Takes a fraction of a second. @return empty where the library does not load */
    static Optional<NativeP256> load() {
        Throwable error;
        try {
            error = AmazonCorrettoCryptoProvider.INSTANCE.getLoadingError();
        } catch (LinkageError e) {
            error = e;
        }
        if (error != null) {
            Logger log = LoggerFactory.getLogger(NativeP256.class);
            log.warn("AWS-LC does not load here ({}); Bouncy Castle takes over for P-256", error.toString());
            return Optional.empty();
        }
        return Optional.of(new NativeP256(AmazonCorrettoCryptoProvider.INSTANCE));
    }

    /** @throws IllegalArgumentException for what is no point of the curve */
    PublicKey key(byte[] compressedPoint) {
        try {
            byte[] encoded = new SubjectPublicKeyInfo(P256, compressedPoint).getEncoded();
            return KeyFactory.getInstance("EC", provider).generatePublic(new X509EncodedKeySpec(encoded));
        } catch (InvalidKeySpecException e) {
            throw new IllegalArgumentException("not a point of P-256", e);
        } catch (NoSuchAlgorithmException | IOException e) {
            throw new IllegalStateException(e); // The provider has it, and nothing is written anywhere.
        }
    }

    boolean verifies(PublicKey key, byte[] hash, BigInteger order, BigInteger r, BigInteger s) {
        try {
            Signature signature = Signature.getInstance("NONEwithECDSA", provider);
            signature.initVerify(key);
            signature.update(hash);
            return signature.verify(StandardDSAEncoding.INSTANCE.encode(order, r, s));
        } catch (SignatureException | IllegalArgumentException e) {
            return false; // r or s is out of range
        } catch (InvalidKeyException | NoSuchAlgorithmException | IOException e) {
            throw new IllegalStateException(e); // A key of this provider's, an algorithm that it has, and no writing.
        }
    }
}
