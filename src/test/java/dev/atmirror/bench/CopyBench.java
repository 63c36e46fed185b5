package dev.atmirror.bench;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.atmirror.app.Databases;
import dev.atmirror.app.Settings;
import dev.atmirror.store.Schema;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;

/** psql's COPY of a dump into empty tables with all their indexes: {@code CopyBench DUMP}, in the data folder of the settings. */
public final class CopyBench {
    private CopyBench() {}

    public static void main(String[] arguments) throws IOException, InterruptedException, SQLException {
        try (Databases databases = Databases.open(Settings.load())) {
            new Schema(databases.schema()).migrate();
            String url = databases.address().jdbcUrl().replace("jdbc:postgresql://", "postgresql://" + databases.address().user() + "@");
            Process psql = new ProcessBuilder("psql", "-q", "-v", "ON_ERROR_STOP=1", "--single-transaction", "-o", "/dev/null", url)
                    .inheritIO()
                    .redirectInput(ProcessBuilder.Redirect.PIPE)
                    .start();
            long start = System.nanoTime();
            try (OutputStream to = psql.getOutputStream();
                    InputStream plain = new ZstdInputStreamNoFinalizer(Files.newInputStream(Path.of(arguments[0])))) {
                plain.transferTo(to);
            }
            if (psql.waitFor() != 0) {
                throw new IllegalStateException("psql failed");
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            try (Connection connection = databases.schema().getConnection();
                    Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("select count(*) from plc_operation")) {
                rows.next();
                System.out.printf(
                        Locale.ROOT, "psql's COPY with indexes: %.1f s, %.0f operations/s%n", seconds, rows.getLong(1) / seconds);
            }
        }
    }
}
