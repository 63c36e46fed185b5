package dev.atmirror.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.plc.RecordedLog;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DidDocumentTest {
    static List<RecordedLog> withDocument() {
        return RecordedLog.all().stream()
                .filter(log -> log.answers().get("").get("status").intValue() == 200)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("withDocument")
    void of_recordedOperation_isTheDirectorysDocument(RecordedLog log) {
        assertThat(DidDocument.of(log.did(), inForce(log))).isEqualTo(log.body(""));
    }

    @ParameterizedTest
    @MethodSource("withDocument")
    void data_ofRecordedOperation_isTheDirectorysData(RecordedLog log) {
        assertThat(inForce(log).data(log.did())).isEqualTo(log.body("/data"));
    }

    @Test
    void of_severalMethods_keepsTheOrderOfTheDirectory() {
        RecordedLog log = RecordedLog.all().stream()
                .filter(recorded -> recorded.name().equals("many_methods_keep_their_order"))
                .findFirst()
                .orElseThrow();
        // Fields too: what changes order between two answers changes their ETag.
        assertThat(DidDocument.of(log.did(), inForce(log)).toString()).isEqualTo(log.body("").toString());
    }

    private static PlcOperation inForce(RecordedLog log) {
        JsonNode last = log.body("/log/last");
        return PlcOperation.of(last);
    }
}
