package dev.atmirror.api;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.atmirror.identity.Json;
import dev.atmirror.store.Changes;
import dev.atmirror.store.StorageException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /changes/stream} as a WebSocket: the lines of {@code GET /changes}, one a message, as they are committed.
 *
 * <p>One look at the ends of both tables tells all readers whether there is anything to read; readers at the same place with
 * the same filter share what is read. A reader gets more only when it has taken what went before, so a slow one costs no
 * memory and falls behind by itself.
 */
public final class ChangeStream implements Handler<RoutingContext>, AutoCloseable {
    public static final String PATH = "/changes/stream";
    private static final long LOOK_MILLIS = 200;
    private static final long PING_MILLIS = 20_000; // the server ends what is silent for a minute
    private static final int PAGE = 500;
    private static final int MOST_READERS = 1000;
    private static final short POLICY_VIOLATION = 1008; // RFC 6455, section 7.4.1
    private static final short TRY_AGAIN_LATER = 1013;
    private static final Logger LOG = LoggerFactory.getLogger(ChangeStream.class);

    private final Vertx vertx;
    private final ChangeFeed feed;
    private final Function<String, List<String>> spellings;
    private final Set<ChangeReader> readers = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean looking = new AtomicBoolean();
    private final long looks;
    private final long pings;
    private volatile ChangeCursor end = ChangeCursor.BEGINNING;

    /** What was read behind a cursor up to an end: it can never be another, since both only grow. */
    private record Read(ChangeCursor from, ChangeFilter filter, ChangeCursor end) {}

    private final Cache<Read, Future<ChangeReader.Batch>> shared =
            Caffeine.newBuilder().maximumSize(200).expireAfterWrite(Duration.ofSeconds(2)).build();

    /** @param spellings the URLs that a host may stand for, as somebody names it */
    public ChangeStream(Vertx vertx, Changes changes, Function<String, List<String>> spellings, MeterRegistry metrics) {
        this.vertx = vertx;
        this.feed = new ChangeFeed(changes);
        this.spellings = spellings;
        this.looks = vertx.setPeriodic(LOOK_MILLIS, timer -> look());
        this.pings = vertx.setPeriodic(PING_MILLIS, timer -> readers.forEach(ChangeReader::ping));
        Gauge.builder("atmirror.changes.readers", readers, Set::size)
                .description("WebSockets that follow changes")
                .register(metrics);
    }

    /** A WebSocket becomes a reader; anything else goes on to the route of that path. */
    @Override
    public void handle(RoutingContext context) {
        if (!"websocket".equalsIgnoreCase(context.request().getHeader("Upgrade"))) {
            context.next();
            return;
        }
        try {
            String raw = context.request().query();
            AskedQuery query = AskedQuery.of(raw == null ? "" : raw);
            ChangeFilter filter = ChangeFilter.of(query, spellings);
            String cursor = query.text("cursor").orElse("now");
            boolean live = cursor.equals("now");
            ChangeCursor from = live ? ChangeCursor.BEGINNING : ChangeCursor.of(cursor);
            if (readers.size() >= MOST_READERS) {
                Answer.message(503, "too many readers").with("Retry-After", "60").to(context);
                return;
            }
            context.request().toWebSocket().onSuccess(socket -> blocking(feed::end)
                    .onSuccess(now -> open(socket, new ChangeReader.Place(live ? now : from, filter), now))
                    .onFailure(e -> socket.close(TRY_AGAIN_LATER, "the mirror's database does not answer")));
        } catch (BadQuery e) {
            Answer.message(400, e.getMessage()).to(context);
        }
    }

    private void open(ServerWebSocket socket, ChangeReader.Place place, ChangeCursor now) {
        if (now.isBehind(place.from())) {
            socket.close(POLICY_VIOLATION, "FutureCursor: this mirror is at " + now);
            return;
        }
        ChangeReader reader = new ChangeReader(socket, vertx.getOrCreateContext(), place, this::batch);
        readers.add(reader);
        socket.closeHandler(closed -> readers.remove(reader));
        if (socket.isClosed()) {
            readers.remove(reader);
        }
        reader.wake();
    }

    private void look() {
        if (readers.isEmpty() || !looking.compareAndSet(false, true)) {
            return;
        }
        blocking(feed::end).onComplete(found -> {
            looking.set(false);
            if (found.succeeded() && end.isBehind(found.result())) {
                end = found.result();
                readers.forEach(ChangeReader::wake);
            }
        });
    }

    private Future<ChangeReader.Batch> batch(ChangeReader.Place place) {
        return shared.get(new Read(place.from(), place.filter(), end), read -> this.<ChangeReader.Batch>blocking(() -> {
                    ChangeFeed.Page page = feed.after(place.from(), place.filter(), PAGE);
                    return new ChangeReader.Batch(page.changes().stream().map(Json::write).toList(), page.next(), page.more());
                })
                .onFailure(e -> shared.invalidate(read)));
    }

    private <T> Future<T> blocking(java.util.concurrent.Callable<T> work) {
        return vertx.executeBlocking(work, false).onFailure(e -> {
            if (e instanceof StorageException) {
                LOG.debug("changes were not read; the next look will", e);
            } else {
                LOG.warn("changes were not read", e);
            }
        });
    }

    @Override
    public void close() {
        vertx.cancelTimer(looks);
        vertx.cancelTimer(pings);
        readers.forEach(ChangeReader::close);
    }
}
