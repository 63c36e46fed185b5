package dev.atmirror.bench;

import dev.atmirror.plc.ExportLines;
import dev.atmirror.plc.HeldLogs;
import dev.atmirror.plc.OperationVerifier;
import dev.atmirror.plc.PlcPage;
import dev.atmirror.plc.Position;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Parsing and verifying alone, with the logs held in memory in the place of storage: {@code VerifyBench FILE THREADS}. Takes
 * 1 GB of heap for a million operations.
 */
public final class VerifyBench {
    private VerifyBench() {}

    public static void main(String[] arguments) throws IOException {
        HeldLogs logs = new HeldLogs();
        OperationVerifier verifier = new OperationVerifier(logs, Integer.parseInt(arguments[1]), false);
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
                    logs.add(verified);
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
}
