package dev.atmirror.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.atmirror.net.HostBudgets;
import dev.atmirror.testkit.FakeNameServer;
import dev.atmirror.testkit.FakeNameServer.Mood;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Over real sockets. */
class HandleDnsIT {
    private static final String DID = "did:plc:z72i7hdynmk6r22z27h6tvur";
    private static final String NAME = "_atproto.alice.example.com";
    private static final String HANDLE = "alice.example.com";
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private Instant now = Instant.parse("2030-01-01T00:00:00Z");
    private final FakeNameServer server = FakeNameServer.start();
    private final HandleDns dns = opened(PATIENCE, server.address());

    private HandleDns opened(Duration patience, String... servers) {
        return HandleDns.open(List.of(servers), patience, new HostBudgets(100, () -> now, new Random(1)));
    }

    private static String why(HandleClaim claim) {
        return claim instanceof HandleClaim.NoAnswer silence ? silence.why() : claim instanceof HandleClaim.Nothing none ? none.why() : "";
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void find_oneRecord_namesItsDid() {
        server.txt(NAME, "did=" + DID);
        assertThat(dns.find(HANDLE)).isEqualTo(new HandleClaim.Names(DID));
    }

    @Test
    void find_textInSeveralStrings_isPutTogether() {
        server.txt(NAME, "did=did:plc:", "z72i7hdynmk6r22", "z27h6tvur");
        assertThat(dns.find(HANDLE)).isEqualTo(new HandleClaim.Names(DID));
    }

    @Test
    void find_otherTextAndMalformedDids_arePassedOver() {
        server.txt(NAME, "v=spf1 -all").txt(NAME, "did=nonsense").txt(NAME, "DID=" + DID).txt(NAME, "did=" + DID + " ");
        assertThat(dns.find(HANDLE)).isEqualTo(new HandleClaim.Names(DID));
    }

    @Test
    void find_theSameDidTwice_isNoConflict() {
        server.txt(NAME, "did=" + DID).txt(NAME, "did=", DID);
        assertThat(dns.find(HANDLE)).isEqualTo(new HandleClaim.Names(DID));
    }

    @Test
    void find_differentDids_areAConflict() {
        server.txt(NAME, "did=" + DID).txt(NAME, "did=did:web:example.com");
        assertThat(dns.find(HANDLE)).isInstanceOfSatisfying(HandleClaim.Several.class, several -> assertThat(several.dids())
                .containsExactlyInAnyOrder(DID, "did:web:example.com"));
    }

    @Test
    void find_alias_isFollowed() {
        server.alias(NAME, "records.example.net").txt("records.example.net", "did=" + DID);
        assertThat(dns.find(HANDLE)).isEqualTo(new HandleClaim.Names(DID));
    }

    @Test
    void find_truncatedAnswer_isAskedForAgainByTcp() {
        server.txt(NAME, "did=" + DID).mood(NAME, Mood.TRUNCATED);
        assertThat(dns.find(HANDLE)).isEqualTo(new HandleClaim.Names(DID));
        assertThat(server.asked()).containsExactly("udp TXT " + NAME, "tcp TXT " + NAME);
    }

    @Test
    void find_overHttp_isTheSame() {
        server.txt(NAME, "did=" + DID);
        HandleDns overHttp = opened(PATIENCE, server.overHttp());
        assertThat(overHttp.find(HANDLE)).isEqualTo(new HandleClaim.Names(DID));
        assertThat(overHttp.find("bob.example.com")).isInstanceOf(HandleClaim.Nothing.class);
        assertThat(server.asked()).first().asString().startsWith("https ");
    }

    @Test
    void find_noSuchName_isNothing() {
        assertThat(dns.find(HANDLE)).isInstanceOf(HandleClaim.Nothing.class);
    }

    @Test
    void find_nameWithoutText_isNothing() {
        server.address(NAME);
        assertThat(dns.find(HANDLE)).isInstanceOf(HandleClaim.Nothing.class);
    }

    @Test
    void find_handleTooLongForThePrefix_isNothing() {
        String label = "a".repeat(60);
        assertThat(dns.find(String.join(".", label, label, label, label, "example"))).isInstanceOf(HandleClaim.Nothing.class);
    }

    @ParameterizedTest
    @EnumSource(value = Mood.class, names = {"SERVER_FAILURE", "REFUSED", "SILENT", "WRONG_ID"})
    void find_serverThatDoesNotAnswer_saysNothingOfTheHandle(Mood mood) {
        server.txt(NAME, "did=" + DID).mood(NAME, mood);
        assertThat(dns.find(HANDLE)).isInstanceOf(HandleClaim.NoAnswer.class);
    }

    @Test
    void find_oneServerOfTwoIsAway_isAnsweredByTheOther() {
        server.txt(NAME, "did=" + DID);
        FakeNameServer away = FakeNameServer.start();
        away.close();
        HandleDns both = opened(PATIENCE.multipliedBy(3), away.address(), server.address());
        for (int i = 0; i < 4; i++) {
            assertThat(both.find(HANDLE)).isEqualTo(new HandleClaim.Names(DID));
        }
    }

    @Test
    void isWithoutAddress_onlyWhereItIsCertain() {
        server.address("here.example.com").mood("silent.example.com", Mood.SILENT).mood("sick.example.com", Mood.SERVER_FAILURE);
        server.txt("only-text.example.com", "x");
        assertThat(dns.isWithoutAddress("gone.example.com")).isTrue();
        assertThat(dns.isWithoutAddress("only-text.example.com")).isTrue();
        assertThat(dns.isWithoutAddress("here.example.com")).isFalse();
        assertThat(dns.isWithoutAddress("silent.example.com")).isFalse();
        assertThat(dns.isWithoutAddress("sick.example.com")).isFalse();
    }

    @Test
    void open_whatIsNoServer_isRefusedWithExamples() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> opened(PATIENCE, "not a server"))
                .withMessageContaining("9.9.9.9");
    }

    /** Issue 12, D23. */
    @Test
    void find_overHttpThatAsksForTime_isLeftInPeaceUntilThen() {
        server.txt(NAME, "did=" + DID).overHttpAnswers(429, "Retry-After", "90");
        HandleDns overHttp = opened(PATIENCE, server.overHttp());
        assertThat(why(overHttp.find(HANDLE))).startsWith("DNS does not answer (").contains("127.0.0.1").doesNotContain("Exception");
        for (int i = 0; i < 20; i++) {
            assertThat(why(overHttp.find(HANDLE))).isEqualTo("DNS does not answer (127.0.0.1 asks to wait 90 s)");
        }
        assertThat(server.asked()).as("before it said so").hasSize(1);
        assertThat(overHttp.pausedFor()).isEqualTo(Duration.ofSeconds(90));
        assertThat(opened(PATIENCE, server.overHttp(), server.address()).pausedFor()).isZero();
        now = now.plusSeconds(91);
        server.overHttpAnswers(200);
        assertThat(overHttp.pausedFor()).isZero();
        assertThat(overHttp.find(HANDLE)).isEqualTo(new HandleClaim.Names(DID));
    }

    /** Issue 12, D23: by another server as long as one asks for time. */
    @Test
    void find_oneOfTwoAsksForTime_isAnsweredByTheOther() {
        server.txt(NAME, "did=" + DID).overHttpAnswers(503, "Retry-After", "90");
        HandleDns both = opened(PATIENCE, server.overHttp(), server.address());
        for (int i = 0; i < 4; i++) {
            assertThat(both.find(HANDLE)).isEqualTo(new HandleClaim.Names(DID));
        }
        assertThat(server.asked()).filteredOn(asked -> asked.startsWith("https")).hasSize(1);
        assertThat(both.pausedFor()).isZero();
    }

    /** Issue 12, D23. */
    @ParameterizedTest
    @CsvSource({"500, 127.0.0.1 answers 500", "404, 127.0.0.1 answers 404"})
    void find_overHttpThatFails_saysWhatItAnswers(int status, String detail) {
        server.overHttpAnswers(status);
        assertThat(why(opened(PATIENCE, server.overHttp()).find(HANDLE))).isEqualTo("DNS does not answer (" + detail + ")");
    }

    /** Issue 12, D23. */
    @Test
    void find_overHttpThatDoesNotSpeakDns_saysSo() {
        server.overHttpSays("<html>");
        assertThat(why(opened(PATIENCE, server.overHttp()).find(HANDLE)))
                .isEqualTo("DNS does not answer (127.0.0.1 answers with what is no DNS message)");
        server.overHttpSays("x".repeat(100_000));
        assertThat(why(opened(PATIENCE, server.overHttp()).find(HANDLE))).contains("more than 65536 bytes");
    }

    /** Issue 12, D23: one connection that is dead does not take those that follow with it. */
    @Test
    void find_stuckConnection_isNotUsedAgain() {
        server.txt(NAME, "did=" + DID).mood(NAME, Mood.TRUNCATED).stuck(1);
        assertThat(opened(PATIENCE.multipliedBy(2), server.address()).find(HANDLE)).as("TCP").isEqualTo(new HandleClaim.Names(DID));
        server.stuck(1);
        assertThat(opened(PATIENCE.multipliedBy(2), server.overHttp()).find(HANDLE)).as("HTTPS").isEqualTo(new HandleClaim.Names(DID));
    }

    /** Issue 12, D23. */
    @Test
    void find_serverThatIsAwayOrSick_saysWhyInWords() {
        server.mood(NAME, Mood.SERVER_FAILURE).mood("_atproto.silent.com", Mood.SILENT).mood("_atproto.refused.com", Mood.REFUSED);
        assertThat(why(dns.find(HANDLE))).isEqualTo("DNS does not answer (server failure)");
        assertThat(why(dns.find("silent.com"))).isEqualTo("DNS does not answer (no answer in 2 s)");
        assertThat(why(dns.find("refused.com"))).startsWith("DNS does not answer (").contains("REFUSED");
        String url = server.overHttp();
        server.close();
        assertThat(why(opened(PATIENCE, url).find(HANDLE))).isEqualTo("DNS does not answer (no connection)");
    }

    /** Issue 12, D23: whoever put a record there sees what is wrong with it. */
    @Test
    void find_recordThatNamesNoDid_isQuoted() {
        server.txt(NAME, "did=nonsense\u0007");
        assertThat(why(dns.find(HANDLE))).isEqualTo("DNS has a TXT record that names no DID (did=nonsense?)");
        server.txt("_atproto.spf.com", "v=spf1 " + "x".repeat(200));
        assertThat(why(dns.find("spf.com"))).hasSizeLessThan(150).startsWith("DNS has a TXT record that names no DID (v=spf1 xxx");
        assertThat(why(dns.find("none.com"))).isEqualTo("DNS has no record");
    }
}
