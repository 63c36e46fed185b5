package dev.atmirror.route;

import dev.atmirror.net.HostBudget;
import java.time.Duration;
import java.util.Map;

/**
 * The pace at which hosts are asked: each host's own, which its headers set, and for hosts of one operator together a
 * second one, so that ninety polite crawls of one company's machines are not one rude one. And the memory that answers of
 * all of them may take.
 */
public final class CrawlBudget {
    private static final int TOO_MANY_REQUESTS = 429;

    private final HostBudget hosts;
    private final HostBudget operators;

    private final AnswerMemory memory;

    public CrawlBudget(HostBudget hosts, HostBudget operators, AnswerMemory memory) {
        this.hosts = hosts;
        this.operators = operators;
        this.memory = memory;
    }

    AnswerMemory memory() {
        return memory;
    }

    /** Reserves a request. @return how long to wait before it is sent */
    Duration take(HostVisit.Host host) {
        return longer(hosts.take(host.pds()), host.isShared() ? operators.take(host.operator()) : Duration.ZERO);
    }

    /** @param headers by lower-case name */
    void answered(HostVisit.Host host, int status, Map<String, String> headers) {
        hosts.answered(host.pds(), status, headers);
        if (host.isShared() && status == TOO_MANY_REQUESTS) {
            operators.answered(host.operator(), status, headers); // it may count all its hosts together
        }
    }

    Duration pausedFor(HostVisit.Host host) {
        return longer(hosts.pausedFor(host.pds()), host.isShared() ? operators.pausedFor(host.operator()) : Duration.ZERO);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
