package dev.atmirror.plc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpstreamAddressTest {
    private static UpstreamAddress address(String setting) {
        return UpstreamAddress.of(PlcSettings.upstream(setting));
    }

    @ParameterizedTest
    @CsvSource({
        "https://plc.directory, plc.directory, https://plc.directory",
        "https://PLC.Directory:443/export/, plc.directory, https://plc.directory",
        "http://plc.directory:80, plc.directory, http://plc.directory",
        "http://h.test:8080/a/, h.test:8080/a, http://h.test:8080/a",
        "https://h.test/a/../b/export, h.test/b, https://h.test/b",
        "https://someone:secret@h.test/a, h.test/a, https://h.test/a",
        "http://[::1]:9/x, [::1]:9/x, http://[::1]:9/x",
    })
    void key_ofASetting_isTheWholeAddressInOneSpelling(String setting, String key, String url) {
        assertThat(address(setting).key()).isEqualTo(key);
        assertThat(address(setting).url()).isEqualTo(url);
    }

    @Test
    void former_ofAnAddress_isHostAndPortAsEarlierVersionsWroteThem() {
        assertThat(address("https://H.test/a").former()).containsExactly("h.test", "h.test:443");
        assertThat(address("http://h.test").former()).containsExactly("h.test", "h.test:80");
        assertThat(address("https://h.test:8443/a").former()).containsExactly("h.test:8443");
    }

    @Test
    void upstream_withAQuery_isRefused() {
        assertThatThrownBy(() -> PlcSettings.upstream("https://h.test/export?after=1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("https://h.test/export?after=1");
    }
}
