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
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /changes/stream} as a WebSocket: the lines of {@code GET /changes}, one a message, as they are committed.
 *
 * <p>One look at the ends of both tables tells all readers whether there is anything to read; readers at the same place with
 * the same filter share what is read. The stage that stores the log asks for that look with each page; for what other
 * processes commit it comes by itself, several times a second.
 */
public final class ChangeStream implements Handler<RoutingContext>, AutoCloseable {
    public static final String PATH = "/changes/stream";
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration PING = Duration.ofSeconds(20); // the server ends what is silent for a minute
    private static final int PAGE = 200; // some 100 KB: what a slow reader costs
    private static final int MOST_READERS = 500;
    private static final int SHARED_PAGES = 50;
    private static final int THREADS = 3; // of the pool's connections; the rest is for lookups
    private static final short TRY_AGAIN_LATER = 1013; // RFC 6455, section 7.4.1
    private static final Logger LOG = LoggerFactory.getLogger(ChangeStream.class);

    private final Vertx vertx;
    private final WorkerExecutor threads;
    private final ChangeFeed feed;
    private final Function<String, List<String>> spellings;
    private final Set<SocketReader<Place>> readers = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean looking = new AtomicBoolean();
    private final AtomicBoolean lookAgain = new AtomicBoolean();
    private final long looks;
    private final long pings;
    private volatile ChangeCursor end = ChangeCursor.BEGINNING;

    /** How far a reader is, and what it wants. */
    private record Place(ChangeCursor from, ChangeFilter filter) {}

    /** What was read at a place up to an end: it can never be another, since both only grow. */
    private record Read(Place place, ChangeCursor end) {}

    private final Cache<Read, Future<SocketReader.Batch<Place>>> shared =
            Caffeine.newBuilder().maximumSize(SHARED_PAGES).expireAfterWrite(Duration.ofSeconds(2)).build();

    /** @param spellings the URLs that a host may stand for, as somebody names it */
    public ChangeStream(Vertx vertx, Changes changes, Function<String, List<String>> spellings, MeterRegistry metrics) {
        this.vertx = vertx;
        this.threads = vertx.createSharedWorkerExecutor("changes", THREADS);
        this.feed = new ChangeFeed(changes);
        this.spellings = spellings;
        this.looks = vertx.setPeriodic(LOOK.toMillis(), timer -> look());
        this.pings = vertx.setPeriodic(PING.toMillis(), timer -> readers.forEach(SocketReader::ping));
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
                    .onSuccess(now -> {
                        if (live) { // where it begins, for whoever comes back before anything has changed
                            socket.writeTextMessage(Json.write(ChangeAnswers.where(now)));
                        }
                        open(socket, new Place(live ? now : from, filter), now);
                    })
                    .onFailure(e -> socket.close(TRY_AGAIN_LATER, "the mirror's database does not answer")));
        } catch (BadQuery e) {
            Answer.message(400, e.getMessage()).to(context);
        }
    }

    private void open(ServerWebSocket socket, Place place, ChangeCursor now) {
        if (now.isBehind(place.from())) {
            socket.close(SocketReader.NORMAL, "FutureCursor: this mirror is at " + now);
            return;
        }
        SocketReader<Place> reader = new SocketReader<>(
                socket,
                vertx.getOrCreateContext(),
                place,
                this::batch,
                at -> Json.write(ChangeAnswers.where(at.from())));
        readers.add(reader);
        socket.closeHandler(closed -> readers.remove(reader));
        if (socket.isClosed()) {
            readers.remove(reader);
        }
        reader.wake();
    }

    /** Something may have been committed. From whatever thread; costs one small query, and none without readers. */
    public void look() {
        lookAgain.set(true);
        if (readers.isEmpty() || !looking.compareAndSet(false, true)) {
            return;
        }
        lookAgain.set(false);
        blocking(feed::end).onComplete(found -> {
            looking.set(false);
            if (found.succeeded() && end.isBehind(found.result())) {
                end = found.result();
                readers.forEach(SocketReader::wake);
            }
            if (found.succeeded() && lookAgain.get()) {
                look();
            }
        });
    }

    private Future<SocketReader.Batch<Place>> batch(Place place) {
        return shared.get(new Read(place, end), read -> blocking(() -> read(place)).onFailure(e -> shared.invalidate(read)));
    }

    private SocketReader.Batch<Place> read(Place place) {
        ChangeFeed.Page page = feed.after(place.from(), place.filter(), PAGE);
        return new SocketReader.Batch<>(
                page.changes().stream().map(Json::write).toList(), new Place(page.next(), place.filter()), page.more());
    }

    private <T> Future<T> blocking(Callable<T> work) {
        return threads.executeBlocking(work, false).onFailure(e -> {
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
        readers.forEach(SocketReader::close);
        threads.close();
    }
}
