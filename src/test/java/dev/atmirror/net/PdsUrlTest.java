package dev.atmirror.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PdsUrlTest {
    private static final String LABEL_63 = "a".repeat(63);

    @ParameterizedTest
    @CsvSource({
        "https://bsky.social, https://bsky.social",
        "https://bsky.social/, https://bsky.social",
        "HTTPS://Morel.US-East.Host.bsky.network/, https://morel.us-east.host.bsky.network",
        "https://bsky.social:443, https://bsky.social",
        "https://bsky.social.:443/, https://bsky.social",
        "https://bücher.example, https://xn--bcher-kva.example",
        "https://BÜCHER.example, https://xn--bcher-kva.example",
        "https://xn--bcher-kva.example, https://xn--bcher-kva.example",
        "https://pds。example, https://pds.example",
        "https://1.example, https://1.example",
    })
    void of_fetchableUrl_isNormalised(String claimed, String normal) {
        assertThat(PdsUrl.of(claimed, false)).map(PdsUrl::toString).contains(normal);
        assertThat(PdsUrl.of(claimed, true)).map(PdsUrl::toString).contains(normal);
    }

    @ParameterizedTest
    @CsvSource({
        "http://pds.test, http://pds.test",
        "http://pds.test:80, http://pds.test",
        "http://localhost:2583/, http://localhost:2583",
        "https://pds.test:8443, https://pds.test:8443",
        "http://127.0.0.1:2583, http://127.0.0.1:2583",
        "http://[::1]:2583, http://[0:0:0:0:0:0:0:1]:2583",
    })
    void of_privateUrl_isTakenOnlyWhereAllowed(String claimed, String normal) {
        assertThat(PdsUrl.of(claimed, false)).isEmpty();
        assertThat(PdsUrl.of(claimed, true)).map(PdsUrl::toString).contains(normal);
    }

    static Stream<String> junk() {
        return Stream.of(
                null, "", " ", "https://", "https:///", "https://.", "https://..", "pds.example", "//pds.example",
                "ftp://pds.example", "javascript:alert(1)", "https:pds.example", "https:/pds.example",
                "https://user@pds.example", "https://user:pass@pds.example", "https://@pds.example",
                "https://pds.example/xrpc", "https://pds.example//", "https://pds.example?x", "https://pds.example/?x",
                "https://pds.example#x", "https://pds.example/#", "https://pds.example\\@evil.example",
                "https://pds.example:0", "https://pds.example:65536", "https://pds.example:99999", "https://pds.example:",
                "https://pds.example:-1", "https://pds.example:4 43", "https://pds .example", " https://pds.example",
                "https://pds.example ", "https://pds.example\n", "https://pds\0.example", "https://pds.example\0",
                "https://pds%2eexample", "https://%70ds.example", "https://-pds.example", "https://pds-.example",
                "https://pds..example", "https://.pds.example", "https://pds_1.example", "https://pds.example..",
                "https://" + LABEL_63 + "a.example", "https://" + ("a.".repeat(130)) + "example",
                "https://" + "a".repeat(10_000) + ".example", "https://127.1", "https://0x7f.1", "https://2130706433",
                "https://0x7f000001", "https://127.0.0.01", "https://256.1.1.1", "https://1.2.3.4.5", "https://pds.123",
                "https://[::1", "https://::1", "https://[::ffff:127.0.0.1]", "https://[fe80::1%25eth0]",
                "https://[1:2]", "https://[]", "https://\ud800.example", "https://\u202epds.example", "https://\uff0f\uff0f",
                "https://pds.example\uff0fpath", "https://pds\u3000.example", "https://a\uff20b.example",
                "https://pds.example:４４３");
    }

    @ParameterizedTest
    @MethodSource("junk")
    void of_junk_isEmpty(String claimed) {
        assertThat(PdsUrl.of(claimed, false)).isEmpty();
        assertThat(PdsUrl.of(claimed, true)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "https://localhost", "https://8.8.8.8", "https://１２７.０.０.１", "https://[2606:4700::1111]", "https://pds.example:8443",
        "https://pds.example:80", "http://pds.example", "http://pds.example:443"
    })
    void of_literalOrLabelOrPort_isRefusedInPublic(String claimed) {
        assertThat(PdsUrl.of(claimed, false)).isEmpty();
        assertThat(PdsUrl.of(claimed, true)).isPresent();
    }

    @Test
    void of_longestNames_areTaken() {
        String host = LABEL_63 + "." + LABEL_63 + "." + LABEL_63 + "." + "a".repeat(61);
        assertThat(host).hasSize(253);
        assertThat(PdsUrl.of("https://" + host, false)).isPresent();
        assertThat(PdsUrl.of("https://a" + host, false)).isEmpty();
    }

    @Test
    void of_noise_neverThrowsAndIsStable() {
        Random random = new Random(3);
        String alphabet = "ab1-._:/@?#%[]\\ \0\u00fc\u0130\u200d\ud83d\ude00\udc00xn--";
        for (int i = 0; i < 200_000; i++) {
            StringBuilder claimed = new StringBuilder("https://");
            for (int n = random.nextInt(20); n > 0; n--) {
                claimed.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            boolean allowPrivate = random.nextBoolean();
            PdsUrl.of(claimed.toString(), allowPrivate)
                    .ifPresent(url -> assertThat(PdsUrl.of(url.toString(), allowPrivate)).contains(url));
        }
    }

    @Test
    void operator_hostUnderSuffix_isTheSuffix() {
        List<String> suffixes = List.of("*.host.bsky.network", "*.example");
        assertThat(url("https://morel.us-east.host.bsky.network").operator(suffixes)).isEqualTo("host.bsky.network");
        assertThat(url("https://host.bsky.network").operator(suffixes)).isEqualTo("host.bsky.network");
        assertThat(url("https://ghost.bsky.network").operator(suffixes)).isEqualTo("ghost.bsky.network");
        assertThat(url("https://a.example").operator(suffixes)).isEqualTo("example");
        assertThat(url("https://a.example").operator(List.of())).isEqualTo("a.example");
        assertThat(url("http://localhost:2583").operator(suffixes)).isEqualTo("localhost:2583");
    }

    private static PdsUrl url(String claimed) {
        return PdsUrl.of(claimed, true).orElseThrow();
    }
}
