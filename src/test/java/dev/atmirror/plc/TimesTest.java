package dev.atmirror.plc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {
    @ParameterizedTest
    @ValueSource(strings = {
        "2023-01-02T03:04:05.678Z", "2024-02-29T23:59:59.999Z", "1969-12-31T23:59:59.001Z", "0000-01-01T00:00:00.000Z",
        "2016-12-31T23:59:60.000Z", "2023-01-02T24:00:00.000Z", "2023-01-02T03:04:05Z", "2023-01-02T03:04:05.678901Z",
        "2023-01-02T03:04:05.67Z", "2023-01-02t03:04:05.678z", "2023-01-02T03:04:05.678+00:00", "+12023-01-02T03:04:05Z"
    })
    void parse_time_isTheJdks(String text) {
        assertThat(Times.parse(text)).isEqualTo(Instant.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "2023-02-29T03:04:05.678Z", "2023-13-02T03:04:05.678Z", "2023-00-02T03:04:05.678Z", "2023-01-02T25:04:05.678Z",
        "2023-01-02T03:60:05.678Z", "2023-01-02T03:04:61.678Z", "2023-01-02 03:04:05.678Z", "2023-01-02T03:04:05.67aZ",
        "2023-01-02T24:00:00.001Z", "٢٠٢٣-01-02T03:04:05.678Z"
    })
    void parse_noTime_isRefusedAsTheJdkDoes(String text) {
        assertThatThrownBy(() -> Instant.parse(text)).isInstanceOf(DateTimeException.class);
        assertThatThrownBy(() -> Times.parse(text)).isInstanceOf(DateTimeException.class);
    }
}
