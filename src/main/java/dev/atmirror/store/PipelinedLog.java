package dev.atmirror.store;

import dev.atmirror.identity.Cid;
import dev.atmirror.identity.Did;
import dev.atmirror.identity.PlcOperation;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowIterator;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one lookup that clients ask all day, without a thread for each: queries of many requests share two connections,
 * pipelined (src/RATIONALE.md#the-short-path-of-lookups). Only an acceleration of {@link PlcLog#head}: whoever uses it
 * falls back to that when it fails.
 */
public final class PipelinedLog implements AutoCloseable {
    private static final int CONNECTIONS = 2; // more bring nothing: design measurements, RATIONALE
    private static final int PIPELINING = 256;
    private static final int MAX_QUEUE = 10_000;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
    /** A hundred times what an answer takes; behind it stands the longer path with a patience of its own. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(PipelinedLog.class);

    private final Pool pool;
    private final String head = Sql.file("plc/head.sql").replace("?", "$1");

    private PipelinedLog(Pool pool) {
        this.pool = pool;
    }

    /** @return empty where the address has parameters that this client does not know */
    public static Optional<PipelinedLog> open(Vertx vertx, String jdbcUrl, String user, String password) {
        try {
            PgConnectOptions options = PgConnectOptions.fromUri(URI.create(jdbcUrl.substring("jdbc:".length())).toString())
                    .setCachePreparedStatements(true)
                    .setPipeliningLimit(PIPELINING)
                    .addProperty("application_name", "at-mirror short path");
            options.setConnectTimeout((int) CONNECT_TIMEOUT.toMillis());
            if (!user.isEmpty()) {
                options.setUser(user).setPassword(password);
            }
            PoolOptions size = new PoolOptions()
                    .setMaxSize(CONNECTIONS)
                    .setMaxWaitQueueSize(MAX_QUEUE)
                    .setConnectionTimeout((int) CONNECT_TIMEOUT.toSeconds())
                    .setConnectionTimeoutUnit(TimeUnit.SECONDS);
            return Optional.of(new PipelinedLog(
                    PgBuilder.pool()
                    .with(size)
                    .connectingTo(options)
                    // Where this fails, what is asked fails for want of a table, and takes the longer path. Closing hands it to the pool.
                    .withConnectHandler(fresh -> fresh.query(SearchPath.SET).execute().onComplete(done -> fresh.close()))
                    .using(vertx)
                    .build()));
        } catch (IllegalArgumentException e) {
            LOG.info("lookups take the longer path, as the database's address is not for the short one: {}", e.getMessage());
            return Optional.empty();
        }
    }

    /** The operation in force, be it a tombstone; empty for an unknown DID. Fails when the database is away. */
    public Future<Optional<PlcLog.Entry>> head(String did) {
        if (!Did.isPlc(did)) {
            return Future.succeededFuture(Optional.empty());
        }
        return pool.preparedQuery(head)
                .execute(Tuple.of(did))
                .timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .map(rows -> first(did, rows));
    }

    private static Optional<PlcLog.Entry> first(String did, RowSet<Row> rows) {
        RowIterator<Row> iterator = rows.iterator();
        return iterator.hasNext() ? Optional.of(entry(did, iterator.next())) : Optional.empty();
    }

    private static PlcLog.Entry entry(String did, Row row) {
        LeanOperation lean = new LeanOperation(
                row.getString("kind").charAt(0),
                row.getString("keys"),
                row.getString("endpoint"),
                row.getBuffer("sig").getBytes(),
                row.getString("signing_key"),
                row.getString("handle"),
                Optional.ofNullable(row.getString("odd")));
        return new PlcLog.Entry(
                row.getLong("id"),
                did,
                Cid.PREFIX + row.getString("cid"),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getBoolean("nullified"),
                PlcOperation.of(lean.json(row.getString("prev"))));
    }

    @Override
    public void close() {
        pool.close();
    }
}
