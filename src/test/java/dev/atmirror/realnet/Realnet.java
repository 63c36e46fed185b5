package dev.atmirror.realnet;

import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.app.Reply;
import dev.atmirror.identity.Json;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The reference directory and two reference PDSes as child processes, from a folder beside the project. */
final class Realnet implements AutoCloseable {
    private static final Path FOLDER =
            Path.of(Optional.ofNullable(System.getenv("ATMIRROR_TEST_REALNET")).orElse("../shared/realnet"));
    private static final Path COPY = Path.of("target", "realnet");
    private static final List<String> FILES = List.of("package.json", "package-lock.json", "realnet.mjs");
    private static final String ACCOUNTS = "6"; // besides the special cases, which are what matters
    private static final String EXTRA = "5";
    private static final long INSTALL_MINUTES = 10;
    private static final long START_SECONDS = 300; // hundreds of accounts, and tests beside
    private static final long STOP_SECONDS = 20;

    private final Process process;
    private final URI control;

    private Realnet(Process process, URI control) {
        this.process = process;
        this.control = control;
    }

    /** Ports that are free now: the directory's, its control's and three in a row for the PDSes. */
    record Ports(int directory, int control, int firstPds) {
        static Ports free() throws IOException {
            while (true) {
                try (ServerSocket directory = open(0);
                        ServerSocket control = open(0);
                        ServerSocket first = open(0);
                        ServerSocket second = open(first.getLocalPort() + 1);
                        ServerSocket third = open(first.getLocalPort() + 2)) {
                    assert second.isBound() && third.isBound();
                    return new Ports(directory.getLocalPort(), control.getLocalPort(), first.getLocalPort());
                } catch (java.net.BindException e) {
                    // The next port was taken: another row.
                }
            }
        }

        private static ServerSocket open(int port) throws IOException {
            return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
        }

        URI directoryAddress() {
            return URI.create("http://127.0.0.1:" + directory);
        }

        /** As documents name it. @param n from 1 */
        URI pds(int n) {
            return URI.create("http://localhost:" + (firstPds + n - 1));
        }
    }

    /** Copies and installs it, once; skips the test, saying why, where that cannot be done. */
    static void install() throws IOException, InterruptedException {
        if (!Files.isRegularFile(FOLDER.resolve("realnet.mjs"))) {
            abort("skipped: no real network to compare with at " + FOLDER);
        }
        Optional<Path> node = program("node");
        if (node.isEmpty() || program("npm").isEmpty()) {
            abort("skipped: node and npm, which run the real network, are not on the PATH");
        }
        Files.createDirectories(COPY);
        for (String file : FILES) {
            Files.copy(FOLDER.resolve(file), COPY.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        Path done = COPY.resolve("node_modules/.package-lock.json"); // npm writes it last
        if (Files.exists(done)) {
            return;
        }
        ProcessBuilder npm = new ProcessBuilder("npm", "ci", "--no-audit", "--no-fund")
                .directory(COPY.toFile())
                .redirectErrorStream(true)
                .redirectOutput(new File("target", "realnet-npm.log"));
        // The headers that came with node, where a native module can download neither itself nor those.
        Path home = node.get().toRealPath().getParent().getParent();
        if (Files.isDirectory(home.resolve("include/node"))) {
            npm.environment().put("npm_config_nodedir", home.toString());
        }
        Process process = npm.start();
        if (!process.waitFor(INSTALL_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
            process.destroy();
            abort("skipped: npm could not install the real network; see target/realnet-npm.log");
        }
    }

    private static Optional<Path> program(String name) {
        for (String folder : System.getenv("PATH").split(File.pathSeparator)) {
            Path file = Path.of(folder, name);
            if (Files.isExecutable(file)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }

    /** @param more further flags of {@code realnet.mjs} */
    static Realnet start(Ports ports, List<String> more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "node", "realnet.mjs", "--accounts", ACCOUNTS, "--plc-extra", EXTRA, "--pds", "2",
                "--plc-port", String.valueOf(ports.directory()),
                "--pds-port", String.valueOf(ports.firstPds()),
                "--control-port", String.valueOf(ports.control())));
        command.addAll(more);
        Process process = new ProcessBuilder(command)
                .directory(COPY.toFile())
                .redirectError(new File("target", "realnet.log"))
                .start();
        Realnet realnet = new Realnet(process, URI.create("http://127.0.0.1:" + ports.control()));
        CompletableFuture<String> ready = CompletableFuture.supplyAsync(() -> firstLine(process));
        try {
            if (!Json.MAPPER.readTree(ready.get(START_SECONDS, TimeUnit.SECONDS)).path("ready").asBoolean()) {
                throw new IllegalStateException("the real network is not ready; see target/realnet.log");
            }
            return realnet;
        } catch (ExecutionException | TimeoutException e) {
            realnet.close();
            throw new IllegalStateException("the real network does not start; see target/realnet.log", e);
        }
    }

    private static String firstLine(Process process) {
        try {
            BufferedReader out = process.inputReader();
            return Optional.ofNullable(out.readLine()).orElse("{}");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Changes something; the answer says what. */
    JsonNode change(String path) {
        Reply reply = Reply.post(control.resolve(path), "text/plain", new byte[0]);
        if (reply.status() != 200) {
            throw new IllegalStateException(path + ": " + reply.json());
        }
        return reply.json();
    }

    String newDid() {
        return change("/did").get("did").textValue();
    }

    /** All accounts, as they should be seen now. */
    JsonNode accounts() {
        return Reply.get(control.resolve("/summary")).json().get("accounts");
    }

    /** The DIDs of a kind of account, as the README of the real network names them. */
    List<String> dids(String kind) {
        List<String> dids = new ArrayList<>();
        for (JsonNode account : accounts()) {
            if (account.get("kind").textValue().equals(kind)) {
                dids.add(account.get("did").textValue());
            }
        }
        return dids;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
