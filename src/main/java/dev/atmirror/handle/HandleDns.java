package dev.atmirror.handle;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.xbill.DNS.DohResolver;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupResult;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;

/**
 * Asks name servers whose a handle is. By dnsjava, whose answers tell "there is none" from "nobody answers", what the JDK's
 * naming provider does not; it follows aliases, goes over to TCP for long answers and checks that an answer belongs to its
 * question. Nothing is cached: a handle is asked for once in days.
 */
public final class HandleDns {
    private static final int TRIES = 2; // of each server
    private static final int DNS_PORT = 53;
    private static final String PREFIX = "did=";

    private final LookupSession session;
    private final Duration patience;

    private HandleDns(List<Resolver> servers, Duration patience) {
        ExtendedResolver all = new ExtendedResolver(servers);
        all.setRetries(TRIES);
        all.setLoadBalance(true);
        all.setTimeout(patience);
        servers.forEach(server -> server.setTimeout(patience.dividedBy(TRIES))); // the resolver of all sets its own
        this.session = LookupSession.builder().resolver(all).build();
        this.patience = patience;
    }

    /**
     * @param servers addresses with or without a port, or {@code https://…} for DNS over HTTPS; none means the system's
     * @param patience for one question, all tries together
     * @throws IllegalArgumentException for what is none of these
     */
    public static HandleDns open(List<String> servers, Duration patience) {
        List<Resolver> resolvers = new ArrayList<>();
        if (servers.isEmpty()) {
            ResolverConfig.getCurrentConfig().servers().forEach(server -> resolvers.add(new SimpleResolver(server)));
        }
        servers.forEach(server -> resolvers.add(resolver(server)));
        return new HandleDns(resolvers, patience);
    }

    private static Resolver resolver(String server) {
        if (server.matches("https?://.*")) {
            return new DohResolver(server);
        }
        try {
            URI uri = URI.create("dns://" + server);
            if (uri.getHost() != null) {
                return new SimpleResolver(new InetSocketAddress(uri.getHost(), uri.getPort() < 0 ? DNS_PORT : uri.getPort()));
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new IllegalArgumentException("no name server such as 9.9.9.9, [2620:fe::fe]:53 or https://dns.example/dns-query: " + server);
    }

    /** What the TXT records {@code _atproto.<handle>} say; those that are no {@code did=} with a DID are somebody else's. */
    public HandleClaim find(String handle) {
        Set<String> dids = new LinkedHashSet<>();
        try {
            for (Record each : ask("_atproto." + handle, Type.TXT).getRecords()) {
                String text = each instanceof TXTRecord txt ? whole(txt) : "";
                if (text.startsWith(PREFIX)) {
                    HandleClaim.did(text.substring(PREFIX.length()).strip()).ifPresent(dids::add);
                }
            }
        } catch (NoSuchDomainException | NoSuchRRSetException | TextParseException e) { // the last: too long for a prefix
            return new HandleClaim.Nothing("DNS has no record");
        } catch (Failed e) {
            return new HandleClaim.NoAnswer("DNS does not answer (" + e.getMessage() + ")");
        }
        return switch (dids.size()) {
            case 0 -> new HandleClaim.Nothing("DNS has no record");
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
            throw new Failed(String.valueOf(e.getCause().getMessage()));
        }
    }

    /** No answer, or one that does not say whether there is a record. */
    private static final class Failed extends Exception {
        private static final long serialVersionUID = 1;

        Failed(String message) {
            super(message);
        }
    }
}
