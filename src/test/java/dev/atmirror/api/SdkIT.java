package dev.atmirror.api;

import static dev.atmirror.testkit.KnownAccounts.did;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.app.IdentityUnderTest;
import dev.atmirror.identity.Json;
import dev.atmirror.testkit.KnownAccounts;
import dev.atmirror.testkit.TestDatabase;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The protocol's own clients, {@code @atproto/api} and {@code @atproto/identity}, with this mirror for a resolver. */
class SdkIT {
    private static final Path SOURCE = Path.of("src", "test", "resources", "sdk");
    private static final Path COPY = Path.of("target", "sdk");
    private static final long INSTALL_MINUTES = 5;
    private static final long RUN_SECONDS = 120;

    /** Once; skips the test, saying why, where that cannot be done. */
    private static void install() throws IOException, InterruptedException {
        if (!isThere("node") || !isThere("npm")) {
            abort("skipped: node and npm, which run the clients, are not on the PATH");
        }
        Files.createDirectories(COPY);
        for (String file : List.of("package.json", "resolve.mjs")) {
            Files.copy(SOURCE.resolve(file), COPY.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        if (Files.exists(COPY.resolve("node_modules/.package-lock.json"))) { // npm writes it last
            return;
        }
        Process npm = new ProcessBuilder("npm", "install", "--no-audit", "--no-fund", "--no-package-lock")
                .directory(COPY.toFile())
                .redirectErrorStream(true)
                .redirectOutput(new File("target", "sdk-npm.log"))
                .start();
        if (!npm.waitFor(INSTALL_MINUTES, TimeUnit.MINUTES) || npm.exitValue() != 0) {
            npm.destroy();
            abort("skipped: npm could not install the clients; see target/sdk-npm.log");
        }
    }

    private static boolean isThere(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static JsonNode resolve(String... arguments) throws IOException, InterruptedException {
        List<String> command = Stream.concat(Stream.of("node", "resolve.mjs"), Stream.of(arguments)).toList();
        Process node = new ProcessBuilder(command)
                .directory(COPY.toFile())
                .redirectError(new File("target", "sdk.log"))
                .start();
        String said = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(node.waitFor(RUN_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(node.exitValue()).as("see target/sdk.log").isZero();
        return Json.parse(said);
    }

    @Test
    void clients_withTheMirrorForAResolver_resolve() throws Exception {
        install();
        TestDatabase database = TestDatabase.create();
        database.migrate();
        KnownAccounts.fill(database);
        try (IdentityUnderTest api = new IdentityUnderTest(database).checksTo(did("grace"), 'v')) {
            String mirror = api.address("").toString();
            JsonNode said = resolve(mirror, "grace.test", did("grace"), did("dave"), "carol.test");
            JsonNode document = api.json("/" + did("grace"));
            assertThat(said.at("/resolveHandle/did").textValue()).isEqualTo(did("grace"));
            assertThat(said.at("/resolveDid/didDoc")).isEqualTo(document);
            assertThat(said.at("/resolveIdentity/handle").textValue()).isEqualTo("grace.test");
            assertThat(said.get("refreshIdentity")).isEqualTo(said.get("resolveIdentity"));
            assertThat(said.get("handleNotFound").textValue()).isEqualTo("400 HandleNotFound");
            assertThat(said.get("didDeactivated").textValue()).isEqualTo("400 DidDeactivated");
            assertThat(said.get("document")).isEqualTo(document);
            assertThat(said.at("/atproto/handle").textValue()).isEqualTo("grace.test");
            assertThat(said.at("/atproto/pds").textValue()).isEqualTo("https://two.test");
            assertThat(said.at("/atproto/signingKey").textValue()).isEqualTo("did:key:" + KnownAccounts.KEY_ANEW);
            assertThat(said.get("tombstone").isNull()).isTrue();
        }
    }
}
