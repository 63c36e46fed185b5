package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouteFilesOrderTest {
    @TempDir
    Path folder;

    @Test
    void files_inAnyFolder_comeWithPoliciesFirstAndTheCatchAllLast() throws IOException {
        for (String name : List.of("plc-logs", "api-directory", "api-service", "failure-policies", "api-accounts")) {
            Files.createFile(folder.resolve(name + ".camel.yaml"));
        }
        assertThat(RouteFiles.files(folder, name -> true))
                .extracting(RouteFiles::name)
                .containsExactly("failure-policies", "api-accounts", "api-service", "plc-logs", "api-directory");
    }

    @Test
    void files_thatAreNotWanted_areLeftOut() throws IOException {
        for (String name : List.of("plc-logs", "api-service", "failure-policies")) {
            Files.createFile(folder.resolve(name + ".camel.yaml"));
        }
        assertThat(RouteFiles.files(folder, "plc-logs"::equals))
                .extracting(RouteFiles::name)
                .containsExactly("failure-policies", "plc-logs");
    }
}
