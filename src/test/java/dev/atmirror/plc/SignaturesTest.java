package dev.atmirror.plc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.identity.Cid;
import dev.atmirror.testkit.SigningKey;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
            for (byte[] signature : List.of(good, bent, key.highS(good), zero, most)) {
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
    void signer_keyListedTwice_isTheFirst() {
        SigningKey key = SigningKey.k256("twice");
        SigningKey other = SigningKey.p256("other");
        byte[] hash = new byte[32];
        List<String> keys = List.of(other.didKey(), key.didKey(), "junk", key.didKey());
        assertThat(preferred.signer(keys, hash, key.sign(hash))).isEqualTo(1);
        assertThat(preferred.signer(keys.subList(0, 1), hash, key.sign(hash))).isEqualTo(-1);
    }
}
