package dev.atmirror.handle;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WellKnownTest {
    private static HandleClaim claim(int status, String body) {
        return WellKnown.claim(status, body.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"did:plc:abc", "  did:plc:abc\r\n", "\tdid:plc:abc"})
    void claim_aDidWithWhiteSpace_isNamed(String body) {
        assertThat(claim(200, body)).isEqualTo(new HandleClaim.Names("did:plc:abc"));
    }

    /** Issue 12, A6: what the clients of the protocol take for a DID is one here. */
    @ParameterizedTest
    @ValueSource(strings = {
        "\uFEFFdid:plc:abc\r\n", "did:plc:abc\n# comment\n", "did:plc:abc\ndid:plc:abd", "did:plc:abc\r\n\r\n<html>",
        "\u00A0did:plc:abc\u2003\n", "\u2028did:plc:abc\u3000", "\u000B\u000Cdid:plc:abc\uFEFF"
    })
    void claim_firstLineTrimmedAsJavaScriptTrims_isNamed(String body) {
        assertThat(claim(200, body)).isEqualTo(new HandleClaim.Names("did:plc:abc"));
    }

    /** Trimmed by no JavaScript, or on another line than the first. */
    @ParameterizedTest
    @ValueSource(strings = {
        "\ndid:plc:abc", "\r\ndid:plc:abc\n", " \ndid:plc:abc", "\uFEFF\ndid:plc:abc", "# comment\ndid:plc:abc",
        "\u200Bdid:plc:abc", "\u001Cdid:plc:abc", "did:plc:abc\u0085", "did:plc:abc\r# comment"
    })
    void claim_aDidBehindTheFirstLineOrOtherCharacters_isNothing(String body) {
        assertThat(claim(200, body)).isInstanceOf(HandleClaim.Nothing.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>", "did=did:plc:abc", "did:plc:abc did:plc:abd", "did:PLC:abc", "did:plc:", "did:plc:a:", "\u0000"})
    void claim_anythingElse_isNothing(String body) {
        assertThat(claim(200, body)).isInstanceOf(HandleClaim.Nothing.class);
    }

    @Test
    void claim_byStatus_isNothingOnlyWhereItSaysSo() {
        assertThat(claim(404, "did:plc:abc")).isInstanceOf(HandleClaim.Nothing.class);
        assertThat(claim(410, "")).isInstanceOf(HandleClaim.Nothing.class);
        for (int status : new int[] {301, 400, 401, 403, 500, 503}) {
            assertThat(claim(status, "did:plc:abc")).isInstanceOf(HandleClaim.NoAnswer.class);
        }
        assertThat(WellKnown.tooLarge()).isInstanceOf(HandleClaim.Nothing.class);
    }
}
