package dev.atmirror.pds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostListTest {
    @Test
    void hosts_ofAPage_areNamedAsTheRelayNamesThem() throws Exception {
        HostList page = HostList.of(Answer.ok("{\"cursor\":\"9\",\"hosts\":[{\"hostname\":\"pds.example\",\"seq\":7},"
                + "{\"hostname\":\"localhost:2583\"},{\"hostname\":7},{},null,\"pds2.example\",{\"hostname\":\"a\\u0000b\"},"
                + "{\"hostname\":\"" + "a".repeat(300) + "\"}]}"));
        assertThat(page.hostnames()).containsExactly("pds.example", "localhost:2583");
        assertThat(page.cursor()).contains("9");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",\"cursor\":null", ",\"cursor\":\"\"", ",\"cursor\":{}"})
    void cursor_missing_isTheLastPage(String cursor) throws Exception {
        assertThat(HostList.of(Answer.ok("{\"hosts\":[]" + cursor + "}")).cursor()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[]", "<html>", "{\"hosts\":{}}"})
    void page_thatIsNone_isMalformed(String body) {
        assertThatThrownBy(() -> HostList.of(Answer.ok(body))).isInstanceOf(MalformedAnswer.class);
    }
}
