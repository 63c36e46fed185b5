package dev.atmirror.handle;

import dev.atmirror.net.HostBudget;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupFailedException;
import org.xbill.DNS.lookup.LookupResult;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;
import org.xbill.DNS.lookup.ServerFailedException;

/**
 * Asks name servers whose a handle is. By dnsjava, whose answers tell "there is none" from "nobody answers", what the JDK's
 * naming provider does not; it follows aliases, goes over to TCP for long answers and checks that an answer belongs to its
 * question. Over TCP and HTTPS own parts ask ({@link FreshTcp}, {@link HttpNameServer}). Nothing is cached: a handle is asked
 * for once in days.
 */
public final class HandleDns {
    private static final int TRIES = 2; // of each server
    private static final int DNS_PORT = 53;
    private static final String PREFIX = "did=";

    private static final int LONGEST_QUOTE = 80;

    private final LookupSession session;
    private final List<Resolver> servers;
    private final Duration patience;

    private HandleDns(List<Resolver> servers, Duration patience) {
        ExtendedResolver all = new ExtendedResolver(servers);
        all.setRetries(TRIES);
        all.setLoadBalance(true);
        all.setTimeout(patience);
        servers.forEach(server -> server.setTimeout(patience.dividedBy(TRIES))); // the resolver of all sets its own
        this.session = LookupSession.builder().resolver(all).build();
        this.servers = List.copyOf(servers);
        this.patience = patience;
    }

    /**
     * @param servers addresses with or without a port, or {@code https://…} for DNS over HTTPS; none means the system's
     * @param patience for one question, all tries together
     * @param budget what servers over HTTPS ask for; takes note by itself
     * @throws IllegalArgumentException for what is none of these
     */
    public static HandleDns open(List<String> servers, Duration patience, HostBudget budget) {
        List<Resolver> resolvers = new ArrayList<>();
        if (servers.isEmpty()) {
            ResolverConfig.getCurrentConfig().servers().forEach(server -> resolvers.add(plain(server)));
        }
        servers.forEach(server -> resolvers.add(resolver(server, patience, budget)));
        return new HandleDns(resolvers, patience);
    }

    /** @throws IllegalArgumentException where {@link #open} would throw it; asks and opens nothing */
    public static void check(List<String> servers) {
        servers.forEach(server -> {
            if (!isOverHttp(server)) {
                address(server);
            }
        });
    }

    private static Resolver resolver(String server, Duration patience, HostBudget budget) {
        return isOverHttp(server)
                ? new HttpNameServer(URI.create(server), budget, patience.dividedBy(TRIES))
                : plain(address(server));
    }

    private static boolean isOverHttp(String server) {
        try {
            return server.matches("https?://.*") && URI.create(server).getHost() != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static InetSocketAddress address(String server) {
        try {
            URI uri = URI.create("dns://" + server);
            if (uri.getHost() != null && uri.getPath().isEmpty()) {
                return new InetSocketAddress(uri.getHost(), uri.getPort() < 0 ? DNS_PORT : uri.getPort());
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new IllegalArgumentException("no name server such as 9.9.9.9, [2620:fe::fe]:53 or https://dns.example/dns-query: " + server);
    }

    private static Resolver plain(InetSocketAddress server) {
        SimpleResolver resolver = new SimpleResolver(server);
        resolver.setIoClientFactory(new FreshTcp());
        return resolver;
    }

    /** How long all name servers have asked not to be asked; zero while one may be. */
    public Duration pausedFor() {
        return servers.stream()
                .map(server -> server instanceof HttpNameServer http ? http.pausedFor() : Duration.ZERO)
                .min(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /** What the TXT records {@code _atproto.<handle>} say; those that are no {@code did=} with a DID are somebody else's. */
    public HandleClaim find(String handle) {
        Set<String> dids = new LinkedHashSet<>();
        String none = "DNS has no record";
        try {
            for (Record each : ask("_atproto." + handle, Type.TXT).getRecords()) {
                String text = each instanceof TXTRecord txt ? whole(txt) : "";
                Optional<String> did = text.startsWith(PREFIX) ? HandleClaim.did(text.substring(PREFIX.length()).strip()) : Optional.empty();
                did.ifPresent(dids::add);
                if (did.isEmpty()) {
                    none = "DNS has a TXT record that names no DID (" + quoted(text) + ")";
                }
            }
        } catch (NoSuchDomainException | NoSuchRRSetException | TextParseException e) { // the last: too long for a prefix
            return new HandleClaim.Nothing("DNS has no record");
        } catch (Failed e) {
            return new HandleClaim.NoAnswer("DNS does not answer (" + e.getMessage() + ")");
        }
        return switch (dids.size()) {
            case 0 -> new HandleClaim.Nothing(none);
            case 1 -> new HandleClaim.Names(dids.iterator().next());
            default -> new HandleClaim.Several(List.copyOf(dids));
        };
    }

    /** Whether it is certain that the handle has no address, so that no host can speak for it. */
    public boolean isWithoutAddress(String handle) {
        return hasNo(handle, Type.A) && hasNo(handle, Type.AAAA);
    }

    private boolean hasNo(String handle, int type) {
        try {
            return ask(handle, type).getRecords().isEmpty();
        } catch (NoSuchDomainException | NoSuchRRSetException e) {
            return true;
        } catch (TextParseException | Failed e) {
            return false;
        }
    }

    /** Only what can be seen, and no more of it than a line has room for. */
    private static String quoted(String text) {
        String seen = text.replaceAll("[^\\x20-\\x7e]", "?");
        return seen.length() > LONGEST_QUOTE ? seen.substring(0, LONGEST_QUOTE) + "~" : seen;
    }

    /** A record's text may come in several strings, as none is longer than 255 bytes. */
    private static String whole(TXTRecord record) {
        StringBuilder text = new StringBuilder();
        record.getStringsAsByteArrays().forEach(part -> text.append(new String(part, StandardCharsets.ISO_8859_1)));
        return text.toString();
    }

    private LookupResult ask(String name, int type)
            throws NoSuchDomainException, NoSuchRRSetException, TextParseException, Failed {
        CompletableFuture<LookupResult> answer =
                session.lookupAsync(Name.fromString(name, Name.root), type).toCompletableFuture();
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new Failed("no answer in " + patience.toSeconds() + " s");
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new Failed("interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof NoSuchDomainException none) {
                throw none;
            } else if (e.getCause() instanceof NoSuchRRSetException none) {
                throw none;
            }
            throw new Failed(why(e.getCause()));
        }
    }

    /** Words a failure for people: messages of exceptions speak of classes and numbers of questions, or are missing. */
    private String why(Throwable thrown) {
        Throwable cause = thrown;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof ServerFailedException) {
            return "server failure";
        } else if (cause instanceof TimeoutException || cause instanceof SocketTimeoutException) {
            return "no answer in " + patience.toSeconds() + " s";
        } else if (cause instanceof ConnectException) {
            return "no connection";
        }
        boolean isSaid = cause instanceof IOException || cause instanceof LookupFailedException;
        return isSaid && cause.getMessage() != null ? cause.getMessage() : "an answer that makes no sense";
    }

    /** No answer, or one that does not say whether there is a record. */
    private static final class Failed extends Exception {
        private static final long serialVersionUID = 1;

        Failed(String message) {
            super(message);
        }
    }
}
