package dev.atmirror.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What benchmarks read a log from (issue 12, E36). */
class LogFileServerIT {
    private static final long BEYOND = (2L << 30) + 1000; // more than one mapped buffer holds

    @TempDir
    private Path folder;

    @Test
    void page_beyondTwoGigabytes_isServed() throws Exception {
        Path log = folder.resolve("log.jsonl");
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
            file.write("{\"seq\":1}".getBytes(StandardCharsets.UTF_8));
            file.seek(BEYOND); // a hole, which takes no room
            file.write("\n{\"seq\":2}\n{\"seq\":5}\n".getBytes(StandardCharsets.UTF_8));
        }
        Vertx vertx = Vertx.vertx();
        try {
            int port = LogFileServer.serve(vertx, log, 0).toCompletionStage().toCompletableFuture().get().actualPort();
            assertThat(get(port, 1)).isEqualTo("{\"seq\":2}\n{\"seq\":5}");
            assertThat(get(port, 2)).isEqualTo("{\"seq\":5}");
            assertThat(get(port, 5)).isEmpty();
        } finally {
            vertx.close();
        }
    }

    private static String get(int port, long after) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + port + "/export?count=1000&after=" + after);
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString()).body();
    }
}
