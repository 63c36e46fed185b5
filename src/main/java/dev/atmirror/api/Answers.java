package dev.atmirror.api;

import dev.atmirror.store.StorageException;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the answers of all beans have in common: how a query that cannot be answered is refused. */
final class Answers {
    private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

    private Answers() {}

    /** 400 for a {@link BadQuery}, 503 while the database does not answer. */
    static void answer(Exchange exchange, Function<AskedQuery, Answer> answer) {
        Answer result;
        try {
            result = answer.apply(AskedQuery.of(exchange));
        } catch (BadQuery e) {
            result = Answer.message(400, e.getMessage());
        } catch (StorageException e) {
            LOG.warn("a lookup failed: {}", e.getMessage());
            result = Answer.message(503, "the mirror's database does not answer").with("Retry-After", "10");
        }
        result.to(exchange);
    }

    static Answer tooMany(int waitSeconds) {
        return Answer.message(429, "too many checks of handles; the mirror answers without refresh")
                .with("Retry-After", String.valueOf(waitSeconds));
    }
}
