package dev.atmirror.plc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.identity.Cid;
import dev.atmirror.identity.DidKey;
import dev.atmirror.testkit.SigningKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SignaturesTest {
    private final Signatures preferred = new Signatures();
    private final Signatures bouncyCastle = new Signatures(false);

    @Test
    void verifies_bothImplementations_agree() {
        for (int i = 0; i < 40; i++) {
            SigningKey key = i % 2 == 0 ? SigningKey.k256("k" + i) : SigningKey.p256("p" + i);
            byte[] hash = Cid.sha256(("message " + i).getBytes(StandardCharsets.UTF_8));
            byte[] good = key.sign(hash);
            byte[] bent = good.clone();
            bent[40] ^= 1;
            byte[] zero = new byte[64];
            byte[] most = good.clone();
            java.util.Arrays.fill(most, 0, 32, (byte) 0xff);
            byte[] zeroR = good.clone();
            java.util.Arrays.fill(zeroR, 0, 32, (byte) 0);
            byte[] zeroS = good.clone();
            java.util.Arrays.fill(zeroS, 32, 64, (byte) 0);
            for (byte[] signature : List.of(good, bent, key.highS(good), zero, most, zeroR, zeroS)) {
                boolean expected = signature == good;
                assertThat(preferred.verifies(key.didKey(), hash, signature)).isEqualTo(expected);
                assertThat(bouncyCastle.verifies(key.didKey(), hash, signature)).isEqualTo(expected);
            }
        }
    }

    @Test
    void verifies_noPointOfTheCurve_isFalse() {
        String ed25519 = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";
        for (String key : List.of(ed25519, "did:key:zQ3shnonsense", "", "did:web:example.com")) {
            assertThat(preferred.verifies(key, new byte[32], new byte[64])).isFalse();
            assertThat(bouncyCastle.verifies(key, new byte[32], new byte[64])).isFalse();
        }
    }

    @Test
    void verifies_anyX_isAPointForBothImplementationsOrForNone() {
        byte[] hash = Cid.sha256(new byte[0]);
        for (DidKey.Curve curve : DidKey.Curve.values()) {
            for (int i = 0; i < 200; i++) {
                byte[] point = new byte[33];
                System.arraycopy(Cid.sha256(new byte[] {(byte) i}), 0, point, 1, 32);
                point[0] = 2;
                Arrays.fill(point, 1, 1 + i % 2 * 8, (byte) 0xff); // near and beyond the prime
                String key = DidKey.format(curve, point);
                assertThat(preferred.isKey(key)).isEqualTo(bouncyCastle.isKey(key));
                assertThat(preferred.verifies(key, hash, new byte[64])).isFalse();
            }
        }
    }

    @Test
    void decode_lastCharacter_mustLeaveNoBitOver() {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        for (String start : List.of("A".repeat(85), "_".repeat(85), "A".repeat(84) + "=")) {
            for (char last : (alphabet + "=+/ é\u0000").toCharArray()) {
                String text = start + last;
                Optional<byte[]> decoded = Signatures.decode(text);
                boolean strict = "AQgw".indexOf(last) >= 0 && !start.endsWith("=");
                assertThat(decoded.isPresent()).as(text).isEqualTo(strict);
                decoded.ifPresent(bytes -> assertThat(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes))
                        .isEqualTo(text));
            }
        }
    }

    @Test
    void signer_keyListedTwice_isTheFirst() {
        SigningKey key = SigningKey.k256("twice");
        SigningKey other = SigningKey.p256("other");
        byte[] hash = new byte[32];
        List<String> keys = List.of(other.didKey(), key.didKey(), "junk", key.didKey());
        assertThat(preferred.signer(keys, hash, key.sign(hash))).isEqualTo(1);
        assertThat(preferred.signer(keys.subList(0, 1), hash, key.sign(hash))).isEqualTo(-1);
    }
}
