package dev.atmirror.bench;

import dev.atmirror.plc.DidLog;
import dev.atmirror.plc.ExportLines;
import dev.atmirror.plc.LogStore;
import dev.atmirror.plc.OperationVerifier;
import dev.atmirror.plc.PlcPage;
import dev.atmirror.plc.Position;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Parsing and verifying alone, without storage: {@code VerifyBench FILE THREADS}. */
public final class VerifyBench implements LogStore {
    private VerifyBench() {}

    public static void main(String[] arguments) throws IOException {
        OperationVerifier verifier = new OperationVerifier(new VerifyBench(), Integer.parseInt(arguments[1]), false);
        long start = System.nanoTime();
        long parse = 0;
        long page = 0;
        long rejected = 0;
        long accepted = 0;
        try (BufferedReader in = Files.newBufferedReader(Path.of(arguments[0]))) {
            List<String> lines = new ArrayList<>();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lines.add(line);
                if (lines.size() == 1000) {
                    byte[] body = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
                    long before = System.nanoTime();
                    ExportLines read = ExportLines.read(body);
                    parse += System.nanoTime() - before;
                    var verified = verifier.verify(
                            new PlcPage(0, ++page, read.operations(), List.of(), false, Position.START));
                    accepted += verified.accepted().size();
                    rejected += verified.rejected().size();
                    lines.clear();
                    if (page % 100 == 0) {
                        System.out.printf("%d ops, %.0f/s, parse %.1f us%n", page * 1000,
                                page * 1e12 / (System.nanoTime() - start), parse / 1e6 / page);
                    }
                }
            }
        }
        System.out.println(accepted + " accepted, " + rejected + " rejected");
    }

    @Override
    public Optional<Position> position(String upstreamHost) {
        return Optional.empty();
    }

    @Override
    public Numbers numbers() {
        return new Numbers(0, 0);
    }

    @Override
    public Map<String, DidLog> logs(Collection<String> dids) {
        return Map.of();
    }
}
