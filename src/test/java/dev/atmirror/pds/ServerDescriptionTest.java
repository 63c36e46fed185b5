package dev.atmirror.pds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.identity.Json;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerDescriptionTest {
    private static JsonNode described(String body) throws Exception {
        return Json.parse(ServerDescription.of(Answer.ok(body)).json());
    }

    @Test
    void description_asTheLexiconHasIt_isKept() throws Exception {
        String all = "{\"did\":\"did:web:pds.example\",\"availableUserDomains\":[\".pds.example\"],\"inviteCodeRequired\":true,"
                + "\"phoneVerificationRequired\":false,\"links\":{\"privacyPolicy\":\"https://a\",\"termsOfService\":\"https://b\"},"
                + "\"contact\":{\"email\":\"admin@pds.example\"}}";
        assertThat(described(all)).isEqualTo(Json.parse(all));
    }

    @Test
    void description_withWhatItShouldNotHave_isWithoutIt() throws Exception {
        String domains = String.join(",", Collections.nCopies(200, "\".x\""));
        JsonNode kept = described("{\"did\":\"a\\u0000b\",\"availableUserDomains\":[7,null,\"\\ud83d\"," + domains + "],"
                + "\"inviteCodeRequired\":\"no\",\"links\":[],\"contact\":{\"email\":{}},\"invented\":\"" + "x".repeat(10_000) + "\"}");
        assertThat(kept.size()).isEqualTo(1);
        assertThat(kept.path("availableUserDomains").size()).isEqualTo(100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[]", "<html>", "{\"availableUserDomains\":\".x\"}"})
    void description_thatIsNone_isMalformed(String body) {
        assertThatThrownBy(() -> ServerDescription.of(Answer.ok(body))).isInstanceOf(MalformedAnswer.class);
    }

    @Test
    void software_ofHealth_isItsVersion() {
        assertThat(ServerDescription.software(Answer.ok("{\"version\":\"0.4.217\"}"))).contains("0.4.217");
        assertThat(ServerDescription.software(Answer.ok("{\"version\":7}"))).isEmpty();
        assertThat(ServerDescription.software(Answer.ok("<html>"))).isEmpty();
        assertThat(ServerDescription.software(Answer.of(404, "{\"version\":\"1\"}"))).isEmpty();
    }
}
