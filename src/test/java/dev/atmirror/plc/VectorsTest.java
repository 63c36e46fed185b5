package dev.atmirror.plc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.identity.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The public audit logs that every verifier must accept or reject, where they are at hand. */
class VectorsTest {
    private static final Path FOLDER = Path.of("../shared/vectors");

    static List<Path> valid() throws IOException {
        return logs(false);
    }

    static List<Path> invalid() throws IOException {
        return logs(true);
    }

    private static List<Path> logs(boolean invalid) throws IOException {
        if (!Files.isDirectory(FOLDER)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.getFileName().toString().matches("log_.*\\.json"))
                    .filter(file -> file.getFileName().toString().startsWith("log_invalid_") == invalid)
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("valid")
    void verify_validLog_isAcceptedWithItsNullifiedFlags(Path file) throws IOException {
        JsonNode log = Json.parse(Files.readString(file));
        VerifiedPage verified = verify(log);
        assertThat(verified.rejected()).isEmpty();
        Set<Long> nullified = new HashSet<>();
        verified.accepted().forEach(operation -> nullified.addAll(operation.nullifies()));
        List<Boolean> computed = verified.accepted().stream()
                .map(operation -> nullified.contains(operation.id()))
                .toList();
        assertThat(computed).isEqualTo(log.findValues("nullified").stream().map(JsonNode::booleanValue).toList());
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("invalid")
    void verify_invalidLog_hasARejectedOperation(Path file) throws IOException {
        assertThat(verify(Json.parse(Files.readString(file))).rejected()).isNotEmpty();
    }

    private static VerifiedPage verify(JsonNode log) {
        List<ExportedOperation> operations = new ArrayList<>();
        for (JsonNode line : log) {
            operations.add(new ExportedOperation(
                    line.get("did").textValue(),
                    line.get("cid").textValue(),
                    Instant.parse(line.get("createdAt").textValue()),
                    0,
                    line.get("operation")));
        }
        return new OperationVerifier(new HeldLogs(), 2, false).verify(new PlcPage(0, 1, operations, List.of(), true, Position.START));
    }
}
