package dev.atmirror.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.identity.Cid;
import dev.atmirror.identity.DidKey;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SandboxSigningTest {
    @Test
    void sign_secp256k1_isTheSameInBothLibraries() {
        SigningKey key = SigningKey.of(DidKey.Curve.SECP256K1, "test");
        for (int i = 0; i < 20; i++) {
            byte[] hash = Cid.sha256(("message " + i).getBytes(StandardCharsets.UTF_8));
            assertThat(key.signInJava(hash)).isEqualTo(key.sign(hash)).hasSize(64);
        }
    }

    @ParameterizedTest
    @EnumSource
    void of_theSameLabel_isTheSameKeyOfItsCurve(DidKey.Curve curve) {
        SigningKey key = SigningKey.of(curve, "test");
        assertThat(key.didKey()).isEqualTo(SigningKey.of(curve, "test").didKey());
        assertThat(DidKey.parse(key.didKey()).orElseThrow().curve()).isEqualTo(curve);
        assertThat(SigningKey.of(curve, "other").didKey()).isNotEqualTo(key.didKey());
    }
}
