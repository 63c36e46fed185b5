package dev.atmirror.plc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.identity.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** One DID as the reference directory answered for it; the file's name says what it proves. */
public record RecordedLog(String name, String did, JsonNode answers) {
    private static final Path FOLDER = Path.of("src", "test", "resources", "plc");

    public static List<RecordedLog> all() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .map(RecordedLog::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RecordedLog read(Path file) {
        try {
            JsonNode recorded = Json.parse(Files.readString(file));
            String name = file.getFileName().toString().replace(".json", "");
            return new RecordedLog(name, recorded.get("did").textValue(), recorded.get("answers"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public JsonNode body(String path) {
        return answers.get(path).get("body");
    }

    public JsonNode audit() {
        return body("/log/audit");
    }

    /** All of them as lines of the sequenced export, in the order of their times. */
    public static List<ObjectNode> sequenced() {
        List<ObjectNode> lines = new ArrayList<>();
        for (RecordedLog log : all()) {
            log.audit().forEach(entry -> lines.add(((ObjectNode) entry.deepCopy()).put("type", "sequenced_op")));
        }
        lines.sort(Comparator.comparing(line -> line.get("createdAt").textValue()));
        for (int i = 0; i < lines.size(); i++) {
            lines.get(i).put("seq", i + 1).remove("nullified");
        }
        return lines;
    }

    @Override
    public String toString() {
        return name;
    }
}
