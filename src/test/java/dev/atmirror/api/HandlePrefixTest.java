package dev.atmirror.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandlePrefixTest {
    @ParameterizedTest
    @CsvSource({
        "alice, alice",
        "' @Alice.TEST', alice.test",
        "at://a, a",
        "mün, xn--mn",
        "ü, xn--",
        "bücher.example, xn--bcher-kva.example",
        "bücher.mü, xn--bcher-kva.xn--m",
        "a.b., a.b.",
        "xn--bcher, xn--bcher",
    })
    void text_asTyped_isTheBeginningOfHandles(String typed, String ascii) {
        assertThat(HandlePrefix.of(typed).orElseThrow().ascii()).isEqualTo(ascii);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "%", "_", "a%", "a b", "-a", "a..b", ".", "a/b", "a\\", "a'b", "a\u0000"})
    void text_thatNoHandleBeginsWith_isNone(String typed) {
        assertThat(HandlePrefix.of(typed)).isEmpty();
    }

    @Test
    void handle_inPunycode_fitsByWhatItReads() {
        HandlePrefix prefix = HandlePrefix.of("mün").orElseThrow();
        assertThat(prefix.fits("xn--mnchen-3ya.test")).isTrue();
        assertThat(prefix.fits("xn--mn-xka.test")).as("mün").isTrue();
        assertThat(prefix.fits("xn--mnchhausen-9db.test")).as("münchhausen").isTrue();
        assertThat(prefix.fits("xn--mnner-gra.test")).as("männer").isFalse();
    }

    @Test
    void label_forLikeness_isTheFirstAndNotTooShort() {
        assertThat(HandlePrefix.of("alice.te").orElseThrow().label()).contains("alice");
        assertThat(HandlePrefix.of("ali").orElseThrow().label()).isEmpty();
        assertThat(HandlePrefix.of("müller").orElseThrow().label()).isEmpty();
    }
}
