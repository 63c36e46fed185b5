package dev.atmirror;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The description that is written by hand says what the routes declare, and nothing else. */
class OpenApiTest {
    private static final Set<String> VERBS = Set.of("get", "post", "put", "delete", "head", "patch");
    private static final Path DESCRIPTION = Path.of("src/main/resources/openapi.json");

    @Test
    void openapi_paths_areThoseOfTheRoutes() throws IOException {
        assertThat(described()).isEqualTo(declared());
    }

    @Test
    void openapi_references_leadSomewhere() throws IOException {
        JsonNode root = new JsonMapper().readTree(Files.readString(DESCRIPTION));
        assertThat(root.findValuesAsText("$ref")).isNotEmpty().allSatisfy(reference -> assertThat(
                        root.at(reference.substring(1)).isMissingNode())
                .as(reference)
                .isFalse());
    }

    private static final Set<String> OF_OTHERS = Set.of(
            "/.well-known/atproto-did", "/etc/hosts", "/export", "/faults", "/late", "/xrpc"); // hosts, directories, the sandbox

    /** Backticked paths, and those that are to be typed with the port of the mirror (issue 12, C14). */
    private static List<String> pathsIn(String text) {
        return Pattern.compile("`(/[^`?]*)[^`]*`|localhost:11004(/[^\\s`'\"?)]*)")
                .matcher(text)
                .results()
                .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
                .filter(path -> !path.startsWith("//") && !path.startsWith("/./") && !OF_OTHERS.contains(path))
                .distinct()
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "CHANGELOG.md", "routes/README.md", "src/RATIONALE.md"})
    void document_pathsThatItNames_areDescribed(String document) throws IOException {
        List<String> named = pathsIn(Files.readString(Path.of(document)));
        assertThat(named).isNotEmpty().allSatisfy(path -> assertThat(described()).as(path).anyMatch(known -> isAbout(path, known)));
    }

    /** As a whole, or as its beginning or its end, which is how prose names {@code /info} and {@code /log/audit}. */
    private static boolean isAbout(String named, String known) {
        String path = known.split(" ")[1];
        String pattern = named.replaceAll("\\{[^}]*}", "{}").replaceAll("(?<=.)/$", "");
        String plain = path.replaceAll("\\{[^}]*}", "{}");
        return plain.equals(pattern) || plain.startsWith(pattern + "/") || plain.equals("/{}" + pattern);
    }

    private static Set<String> described() throws IOException {
        Set<String> paths = new TreeSet<>();
        JsonNode root = new JsonMapper().readTree(Files.readString(DESCRIPTION));
        root.get("paths").properties().forEach(path -> path.getValue().fieldNames().forEachRemaining(verb -> paths.add(
                verb + " " + path.getKey() + " " + path.getValue().path(verb).path("operationId").asText())));
        return paths;
    }

    private static Set<String> declared() throws IOException {
        Set<String> paths = new TreeSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("routes"), "api-*.camel.yaml")) {
            for (Path file : files) {
                for (JsonNode part : new YAMLMapper().readTree(Files.readString(file))) {
                    JsonNode rest = part.get("rest");
                    for (String verb : VERBS) {
                        for (JsonNode route : rest.path(verb)) {
                            String path = (rest.path("path").asText() + route.path("path").asText()).replace("//", "/");
                            paths.add(verb + " " + path + " " + route.path("id").asText());
                        }
                    }
                }
            }
        }
        return paths;
    }
}
