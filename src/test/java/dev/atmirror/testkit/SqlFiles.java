package dev.atmirror.testkit;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.atmirror.store.SearchPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.impl.DefaultCamelContext;

/** Runs the statements of the routes as the routes do: by the name of their file, through Camel. */
public final class SqlFiles implements AutoCloseable {
    private final HikariDataSource database;
    private final DefaultCamelContext camel = new DefaultCamelContext();

    public SqlFiles(TestDatabase database) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.url());
        config.setConnectionInitSql(SearchPath.SET);
        config.setMaximumPoolSize(4);
        config.setMinimumIdle(0);
        this.database = new HikariDataSource(config);
        camel.getRegistry().bind("db", this.database);
        camel.start();
    }

    /** @param parameters name and value in turn @return the rows, for a statement that gives any */
    @SuppressWarnings("unchecked") // as the component documents it
    public List<Map<String, Object>> run(String file, Object... parameters) {
        Map<String, Object> named = new HashMap<>();
        for (int i = 0; i < parameters.length; i += 2) {
            named.put((String) parameters[i], parameters[i + 1]);
        }
        String uri = "sql:classpath:sql/" + file + "?dataSource=#db&parametersCount=" + count(file);
        Object rows = camel.createProducerTemplate().requestBody(uri, named);
        return rows instanceof List ? (List<Map<String, Object>>) rows : List.of();
    }

    /** The statement as text, with literals in place of its parameters, for {@code explain}. */
    public static String text(String file, Object... parameters) {
        String sql = read(file).replaceAll("(?m)^\\s*--.*$", "");
        for (int i = 0; i < parameters.length; i += 2) {
            sql = sql.replaceAll(":#" + parameters[i] + "\\b", String.valueOf(parameters[i + 1]));
        }
        return sql;
    }

    private static int count(String file) {
        return read(file).split(":#", -1).length - 1;
    }

    private static String read(String file) {
        try (InputStream in = SqlFiles.class.getResourceAsStream("/sql/" + file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(file, e);
        }
    }

    @Override
    public void close() {
        camel.stop();
        database.close();
    }
}
