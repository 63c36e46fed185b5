package dev.atmirror.handle;

import dev.atmirror.net.HostBudget;
import dev.atmirror.net.HttpQuestions;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;

/**
 * A name server that is asked over HTTPS (RFC 8484). dnsjava's own takes every status but 200 for a failure of the name, reads
 * no {@code Retry-After}, and its answer to that breaks the look-up. Here a server that asks for time gets it: until then
 * nothing is sent, and {@link #pausedFor} tells.
 */
final class HttpNameServer implements Resolver {
    private static final String DNS_MESSAGE = "application/dns-message";
    private static final int OK = 200;

    private final URI url;
    private final HostBudget budget;
    private final HttpQuestions http;
    private Duration timeout;

    /** @param url with a host @param budget by the URL */
    HttpNameServer(URI url, HostBudget budget, Duration timeout) {
        this.url = url;
        this.budget = budget;
        this.timeout = timeout;
        this.http = new HttpQuestions(timeout);
    }

    /** How long nothing is sent; zero when it may be asked. */
    Duration pausedFor() {
        return budget.pausedFor(url.toString());
    }

    @Override
    public CompletionStage<Message> sendAsync(Message query) {
        Duration pause = pausedFor();
        if (!pause.isZero()) {
            return CompletableFuture.failedFuture(new IOException(host() + " asks to wait " + pause.toSeconds() + " s"));
        }
        Message question = query.clone();
        question.getHeader().setID(0); // as the RFC recommends, for caches
        if (question.getOPT() == null) {
            question.addRecord(new OPTRecord(0, 0, 0), Section.ADDITIONAL);
        }
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(question.toWire());
        URI uri = URI.create(url + (url.getRawQuery() == null ? "?" : "&") + "dns=" + text);
        return http.get(uri, DNS_MESSAGE, timeout).thenCompose(reply -> {
            budget.answered(url.toString(), reply.status(), reply.headers());
            return read(reply, query);
        });
    }

    @Override
    public CompletionStage<Message> sendAsync(Message query, Executor executor) {
        return sendAsync(query);
    }

    private CompletionStage<Message> read(HttpQuestions.Reply reply, Message query) {
        if (reply.status() != OK) {
            return CompletableFuture.failedFuture(new IOException(host() + " answers " + reply.status()));
        }
        try {
            Message answer = new Message(reply.body());
            if (!query.getQuestion().equals(answer.getQuestion())) {
                return CompletableFuture.failedFuture(new IOException(host() + " answers another question"));
            }
            answer.getHeader().setID(query.getHeader().getID());
            answer.setResolver(this);
            return CompletableFuture.completedFuture(answer);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(new IOException(host() + " answers with what is no DNS message", e));
        }
    }

    private String host() {
        return url.getHost();
    }

    @Override
    public void setTimeout(Duration patience) {
        timeout = patience;
    }

    @Override
    public Duration getTimeout() {
        return timeout;
    }

    @Override
    public void setPort(int port) {
        // stands in the URL
    }

    @Override
    public void setTCP(boolean flag) {
        // always
    }

    @Override
    public void setIgnoreTruncation(boolean flag) {
        // nothing is truncated
    }

    @Override
    public void setEDNS(int version, int payloadSize, int flags, List<EDNSOption> options) {
        // as it is sent
    }

    @Override
    public void setTSIGKey(TSIG key) {
        // HTTPS says who answers
    }
}
