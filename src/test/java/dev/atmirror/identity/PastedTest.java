package dev.atmirror.identity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Issue 12, C21. */
class PastedTest {
    @Test
    void name_eachUnseenCharacterAtItsEnds_isDropped() {
        String unseen = "\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069\u200B\u200C\u200D\u200E\u200F\uFEFF\u00A0\u2060 \t\n";
        unseen.codePoints().mapToObj(Character::toString).forEach(c -> {
            assertThat(Pasted.name(c + "alice.test" + c)).isEqualTo("alice.test");
            assertThat(Pasted.name("@" + c + "alice.test" + c)).isEqualTo("alice.test");
            assertThat(Pasted.name(c + "@" + c + "alice.test")).isEqualTo("alice.test");
            assertThat(Pasted.name("at://" + c + "did:plc:1" + c + c)).isEqualTo("did:plc:1");
        });
        assertThat(Pasted.name(unseen + "@alice.test" + unseen)).isEqualTo("alice.test");
        assertThat(Pasted.name(unseen)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ali\u200Bce.test", "alice.test", "@@alice.test", "\uD800alice"})
    void bare_whatStandsInside_stays(String text) {
        assertThat(Pasted.bare(text)).isEqualTo(text);
    }

    @Test
    void shown_whatWouldNotBeSeen_standsThereByItsNumber() {
        assertThat(Pasted.shown("\u202Aali\u200Bce .test\r\u00A0\uFEFF\u0000\uD800\uDB40\uDC01"))
                .isEqualTo("<U+202A>ali<U+200B>ce .test<U+000D><U+00A0><U+FEFF><U+0000><U+D800><U+E0001>");
        assertThat(Pasted.shown("münchen 日本.test")).isEqualTo("münchen 日本.test");
    }
}
