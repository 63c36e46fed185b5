package dev.atmirror.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandleTest {
    @ParameterizedTest
    @ValueSource(strings = {
        "a.co", "john.test", "8.cn", "a-b.test", "xn--notarealidn.com", "jan-ti.test", "name.t--t", "a.b.c.d.e.f.com",
        "laptop.local"
    })
    void parse_validHandle_isItself(String text) {
        assertThat(Handle.parse(text)).contains(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "jo", "john", "john.0", "john..test", "jo_hn.test", "-john.test", "john-.test", "john.test.", ".john.test",
        "john.-te", "jo hn.test", "jo@hn.test", "jöhn.test", "john.test/", "at://john.test", "john.test\n"
    })
    void parse_wrongSyntax_isEmpty(String text) {
        assertThat(Handle.parse(text)).isEmpty();
    }

    @Test
    void parse_lengths_areBounded() {
        String label = "a".repeat(63);
        assertThat(Handle.parse(label + ".test")).isPresent();
        assertThat(Handle.parse("a" + label + ".test")).isEmpty();
        String longest = String.join(".", label, label, label, "a".repeat(56), "test");
        assertThat(Handle.parse(longest)).hasValueSatisfying(handle -> assertThat(handle).hasSize(253));
        assertThat(Handle.parse("b" + longest)).isEmpty();
    }

    @Test
    void parse_upperCase_isLowered() {
        assertThat(Handle.parse("JOHN.Test")).contains("john.test");
    }

    @Test
    void parse_endlessText_isEmptyAtOnce() {
        assertThat(Handle.parse("a.".repeat(1_000_000))).isEmpty();
    }

    @Test
    void declared_firstValidEntry_isTaken() throws JsonProcessingException {
        String entries = "[\"https://a.test\",\"at://not valid\",\"at://B.test\",\"at://c.test\"]";
        assertThat(Handle.declared(Json.parse(entries)))
                .contains("b.test");
        assertThat(Handle.declared(Json.parse("[\"at://\",\"at://a.test/path\"]"))).isEmpty();
    }
}
