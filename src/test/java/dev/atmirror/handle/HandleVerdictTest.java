package dev.atmirror.handle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HandleVerdictTest {
    private static final String DID = "did:plc:z72i7hdynmk6r22z27h6tvur";
    private static final HandleClaim OWN = new HandleClaim.Names(DID);
    private static final HandleClaim OTHER = new HandleClaim.Names("did:web:other.example.com");
    private static final HandleClaim SEVERAL = new HandleClaim.Several(List.of(DID, "did:web:other.example.com"));
    private static final HandleClaim NOTHING = new HandleClaim.Nothing("nothing here");
    private static final HandleClaim SILENCE = new HandleClaim.NoAnswer("no answer");

    private static HandleVerdict of(HandleClaim dns, HandleClaim wellKnown) {
        return HandleVerdict.of(DID, "alice.example.com", dns, wellKnown);
    }

    @Test
    void of_whatDnsNames_countsWhateverTheHostSays() {
        assertThat(of(OWN, OTHER).result()).isEqualTo(HandleResult.VALID);
        assertThat(of(OWN, OTHER).method()).contains("dns");
        assertThat(of(OTHER, OWN).result()).isEqualTo(HandleResult.POINTS_ELSEWHERE);
        assertThat(of(OTHER, OWN).pointsTo()).contains("did:web:other.example.com");
        assertThat(of(SEVERAL, OWN).result()).isEqualTo(HandleResult.CONFLICTING_RECORDS);
    }

    @Test
    void of_whereDnsHasNothing_theHostDecides() {
        assertThat(of(NOTHING, OWN).result()).isEqualTo(HandleResult.VALID);
        assertThat(of(NOTHING, OWN).method()).contains("well-known");
        assertThat(of(NOTHING, OTHER).result()).isEqualTo(HandleResult.POINTS_ELSEWHERE);
        assertThat(of(NOTHING, NOTHING).result()).isEqualTo(HandleResult.NO_RECORD);
        assertThat(of(NOTHING, SILENCE).result()).isEqualTo(HandleResult.UNREACHABLE);
    }

    @Test
    void of_whereDnsIsSilent_onlyTheAccountsOwnDidDecides() {
        assertThat(of(SILENCE, OWN).result()).isEqualTo(HandleResult.VALID);
        assertThat(of(SILENCE, OTHER).result()).isEqualTo(HandleResult.UNREACHABLE);
        assertThat(of(SILENCE, NOTHING).result()).isEqualTo(HandleResult.UNREACHABLE);
        assertThat(of(SILENCE, NOTHING).detail()).contains("no answer; nothing here");
    }

    @Test
    void of_whatStrangersWrote_isOneLineOfPlainText() {
        HandleVerdict verdict = of(NOTHING, new HandleClaim.NoAnswer("a\u0000b\nc" + "x".repeat(1_000)));
        assertThat(verdict.detail().orElseThrow()).matches("[\\x20-\\x7e]{300}");
    }

    @ParameterizedTest
    @CsvSource({
        "alice.example.com, , ", "alice.test, RESERVED, ", "alice.local, RESERVED, RESERVED", "handle.invalid, RESERVED, RESERVED",
        "a.onion, RESERVED, RESERVED", "a.alt, RESERVED, RESERVED", "a.arpa, RESERVED, RESERVED", "a.example, RESERVED, RESERVED",
        "a.internal, RESERVED, RESERVED", "a.localhost, RESERVED, RESERVED", "no_handle, INVALID_SYNTAX, INVALID_SYNTAX",
        "alice.example.1com, INVALID_SYNTAX, INVALID_SYNTAX"
    })
    void unasked_namesThatNobodyCanHave_areJudgedAtOnce(String handle, HandleResult usually, HandleResult whereTestIsAllowed) {
        assertThat(HandleVerdict.unasked(handle, false).map(HandleVerdict::result).orElse(null)).isEqualTo(usually);
        assertThat(HandleVerdict.unasked(handle, true).map(HandleVerdict::result).orElse(null)).isEqualTo(whereTestIsAllowed);
    }

    @Test
    void matches_onlyOfWhatIsKnown_saysAnything() {
        assertThat(HandleResult.VALID.matches()).contains(true);
        assertThat(HandleResult.NO_RECORD.matches()).contains(false);
        assertThat(HandleResult.UNREACHABLE.matches()).isEmpty();
        assertThat(HandleResult.UNCHECKED.matches()).isEmpty();
        assertThat(HandleResult.of("e")).isEqualTo(HandleResult.POINTS_ELSEWHERE).hasToString("points_elsewhere");
    }
}
