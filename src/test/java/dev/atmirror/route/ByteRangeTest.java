package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {
    private static final long LENGTH = 100;

    @ParameterizedTest
    @CsvSource({
        "bytes=0-, 0, 100, bytes 0-99/100",
        "bytes=10-19, 10, 10, bytes 10-19/100",
        "Bytes= 10-19, 10, 10, bytes 10-19/100",
        "bytes=10-10, 10, 1, bytes 10-10/100",
        "bytes=99-, 99, 1, bytes 99-99/100",
        "bytes=50-999999999999999999, 50, 50, bytes 50-99/100",
        "bytes=-1, 99, 1, bytes 99-99/100",
        "bytes=-500, 0, 100, bytes 0-99/100"
    })
    void of_aRangeOfTheFile_isThatPart(String header, long first, long count, String contentRange) {
        ByteRange range = ByteRange.of(header, LENGTH);
        assertThat(range).isEqualTo(new ByteRange(ByteRange.Kind.PART, first, count));
        assertThat(range.of(LENGTH)).isEqualTo(contentRange);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=100-", "bytes=100-200", "bytes=999999999999999999-", "bytes=-0"})
    void of_aRangeBehindTheEnd_isNone(String header) {
        ByteRange range = ByteRange.of(header, LENGTH);
        assertThat(range.kind()).isEqualTo(ByteRange.Kind.NONE);
        assertThat(range.of(LENGTH)).isEqualTo("bytes */100");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "bytes=-", "bytes=9-5", "bytes=1-2,5-6", "lines=1-2", "bytes=a-b", "bytes=1-9999999999999999999", "bytes 1-2"})
    void of_whatNeedNotBeUnderstood_isTheWhole(String header) {
        assertThat(ByteRange.of(header, LENGTH)).isEqualTo(ByteRange.whole(LENGTH));
    }
}
