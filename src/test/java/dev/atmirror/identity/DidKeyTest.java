package dev.atmirror.identity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DidKeyTest {
    // From the did:key method's own examples.
    private static final String K256 = "did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme";
    private static final String P256 = "did:key:zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv";

    @Test
    void parse_bothCurves_areTold() {
        assertThat(DidKey.parse(K256)).get().extracting(DidKey::curve).isEqualTo(DidKey.Curve.SECP256K1);
        assertThat(DidKey.parse(P256)).get().extracting(DidKey::curve).isEqualTo(DidKey.Curve.P256);
    }

    @Test
    void format_whatWasParsed_givesTheSameText() {
        for (String text : new String[] {K256, P256}) {
            DidKey key = DidKey.parse(text).orElseThrow();
            assertThat(DidKey.format(key.curve(), key.point())).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "",
        "did:key:",
        "did:key:z",
        "did:key:z0OIl", // characters that base58 leaves out
        "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK", // ed25519
        "did:key:uQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme", // another multibase
        "did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBm", // a character short
        "did:web:example.com"
    })
    void parse_anythingElse_isEmpty(String text) {
        assertThat(DidKey.parse(text)).isEmpty();
    }

    @Test
    void parse_endlessText_isEmptyAtOnce() {
        assertThat(DidKey.parse("did:key:z" + "2".repeat(1_000_000))).isEmpty();
    }
}
