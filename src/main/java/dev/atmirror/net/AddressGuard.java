package dev.atmirror.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Keeps strangers from sending us to ourselves or our neighbours: resolves a host and refuses it when any of its
 * addresses is not public. It stands where the HTTP client dials: what it returns is what is dialled, so no second
 * answer of the name server can differ, and address literals and targets of redirects pass it like names.
 *
 * <p>A host with one public and one other address is refused whole: no honest host has such a mixture, and which of
 * them is dialled would be for it to say.
 */
public final class AddressGuard implements DnsResolver {
    private static final Duration LONGEST_LOOKUP = Duration.ofSeconds(15); // the system's gives up after 10 to 20
    private static final int MOST_ADDRESSES = 8; // tried one after the other, each with a timeout of its own
    private static final int LOOKUPS_AT_ONCE = 256; // dead name servers, common among strangers, hold one for long
    private static final int STACK = 256 << 10;

    private static final ExecutorService LOOKUPS = lookupThreads();

    private final boolean allowPrivate;
    private final Names names;
    private final Duration patience;

    /** Where addresses come from. */
    @FunctionalInterface
    interface Names {
        InetAddress[] find(String host) throws UnknownHostException;
    }

    /** @param allowPrivate true lets every address pass: for tests and the sandbox */
    public AddressGuard(boolean allowPrivate) {
        this(allowPrivate, LONGEST_LOOKUP);
    }

    /** @param patience with the name servers, if that is less than theirs with each other */
    AddressGuard(boolean allowPrivate, Duration patience) {
        this(
                allowPrivate,
                InetAddress::getAllByName,
                patience.compareTo(LONGEST_LOOKUP) < 0 ? patience : LONGEST_LOOKUP);
    }

    AddressGuard(boolean allowPrivate, Names names, Duration patience) {
        this.allowPrivate = allowPrivate;
        this.names = names;
        this.patience = patience;
    }

    /**
     * @throws RefusedAddress when one of the addresses is not public
     * @throws UnknownHostException when there is none, or no answer in time
     */
    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] addresses = lookUp(host);
        for (InetAddress address : addresses) {
            if (!allowPrivate && !PublicAddresses.contains(address)) {
                throw new RefusedAddress(host, address);
            }
        }
        return addresses.length > MOST_ADDRESSES ? Arrays.copyOf(addresses, MOST_ADDRESSES) : addresses;
    }

    /** Asked for by Kerberos alone, which has no business here. */
    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }

    /**
     * On threads of their own: the JDK's lookup is a native call, which keeps the carrier of a virtual thread (still so
     * in 25, where everything else lets go), so that on two processors two dead name servers would stop every request.
     */
    private InetAddress[] lookUp(String host) throws UnknownHostException {
        Future<InetAddress[]> answer;
        try {
            answer = LOOKUPS.submit(() -> names.find(host));
        } catch (RejectedExecutionException e) {
            throw unknown(host, "cannot be looked up", e);
        }
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(false);
            throw unknown(host, "no answer from the name servers within " + patience.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            answer.cancel(false);
            Thread.currentThread().interrupt();
            throw unknown(host, "interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownHostException unknown) {
                throw unknown(host, "no such name", unknown);
            }
            throw unknown(host, "cannot be looked up", e);
        }
    }

    private static UnknownHostException unknown(String host, String why, Exception cause) {
        UnknownHostException unknown = new UnknownHostException(host + ": " + why);
        unknown.initCause(cause);
        return unknown;
    }

    private static ExecutorService lookupThreads() {
        AtomicInteger count = new AtomicInteger();
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                LOOKUPS_AT_ONCE, LOOKUPS_AT_ONCE, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(null, task, "lookup-" + count.incrementAndGet(), STACK);
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }
}
