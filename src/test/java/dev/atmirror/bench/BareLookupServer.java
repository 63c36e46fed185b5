package dev.atmirror.bench;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowIterator;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * What a lookup can cost at least: a bare Vert.x handler on two event loops that runs the mirror's own query through the
 * pipelining PostgreSQL client and answers with a column of it. {@code BareLookupServer JDBC-HOST:PORT HTTP-PORT}
 */
public final class BareLookupServer extends AbstractVerticle {
    private static final int LOOPS = 2;
    private static final int CONNECTIONS_A_LOOP = 2;

    private final String database;
    private final int port;
    private final String sql;

    private BareLookupServer(String database, int port) throws IOException {
        this.database = database;
        this.port = port;
        try (InputStream in =
                Objects.requireNonNull(BareLookupServer.class.getResourceAsStream("/sql/plc/head.sql"))) {
            sql = new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("?", "$1");
        }
    }

    public static void main(String[] arguments) {
        int port = Integer.parseInt(arguments[1]);
        Vertx.vertx()
                .deployVerticle(
                        () -> {
                            try {
                                return new BareLookupServer(arguments[0], port);
                            } catch (IOException e) {
                                throw new IllegalStateException(e);
                            }
                        },
                        new DeploymentOptions().setInstances(LOOPS))
                .onSuccess(id -> System.out.println("bare handler on port " + port))
                .onFailure(failure -> {
                    System.err.println(failure.getMessage());
                    System.exit(1);
                });
    }

    @Override
    public void start(Promise<Void> started) {
        PgConnectOptions options = PgConnectOptions.fromUri("postgresql://postgres@" + database + "/postgres")
                .setCachePreparedStatements(true)
                .addProperty("search_path", "public, atmirror_internal")
                .setPipeliningLimit(256);
        Pool pool = PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(CONNECTIONS_A_LOOP))
                .connectingTo(options)
                .using(vertx)
                .build();
        vertx.createHttpServer()
                .requestHandler(request -> pool.preparedQuery(sql)
                        .execute(Tuple.of(request.path().substring(1)))
                        .onComplete(result -> {
                            if (result.failed()) {
                                request.response().setStatusCode(500).end(String.valueOf(result.cause()));
                                return;
                            }
                            RowIterator<Row> rows = result.result().iterator();
                            request.response()
                                    .setStatusCode(rows.hasNext() ? 200 : 404)
                                    .end(rows.hasNext() ? rows.next().getString("keys") : "");
                        }))
                .listen(port, "127.0.0.1")
                .<Void>mapEmpty()
                .onComplete(started);
    }
}
