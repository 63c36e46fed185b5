package dev.atmirror.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.identity.Json;
import dev.atmirror.store.CollectionRepos;
import dev.atmirror.store.StorageException;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Bean {@code xrpc}: methods of the AT Protocol, with errors as XRPC words them. */
public final class XrpcAnswers {
    private static final int USUAL = 500; // as the lexicon says
    private static final int MOST = 2000;
    private static final int LONGEST_NSID = 317;
    private static final Pattern NSID = Pattern.compile(
            "[a-zA-Z]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(\\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)+"
                    + "\\.[a-zA-Z][a-zA-Z0-9]{0,62}");
    private static final Logger LOG = LoggerFactory.getLogger(XrpcAnswers.class);

    private final CollectionRepos repos;

    public XrpcAnswers(CollectionRepos repos) {
        this.repos = repos;
    }

    /** {@code com.atproto.sync.listReposByCollection} */
    public void listReposByCollection(Exchange exchange) {
        Answer answer;
        try {
            AskedQuery query = AskedQuery.of(exchange);
            String collection = query.text("collection")
                    .orElseThrow(() -> new BadQuery("Params must have the property \"collection\""));
            if (collection.length() > LONGEST_NSID || !NSID.matcher(collection).matches()) {
                throw new BadQuery("collection must be a valid nsid");
            }
            answer = Answer.json(200, json(repos.list(collection, query.cursor(), query.number("limit", USUAL, MOST))));
        } catch (BadQuery e) {
            answer = XrpcFailure.answer(400, "InvalidRequest", e.getMessage());
        } catch (StorageException e) {
            LOG.warn("listReposByCollection failed: {}", e.getMessage());
            answer = XrpcFailure.answer(503, "ServiceUnavailable", "the mirror's database does not answer").with("Retry-After", "10");
        }
        answer.to(exchange);
    }

    private static ObjectNode json(CollectionRepos.Page page) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        var repos = json.putArray("repos");
        page.dids().forEach(did -> repos.addObject().put("did", did));
        page.next().ifPresent(next -> json.put("cursor", String.valueOf(next)));
        return json;
    }

    /** Every other method. */
    public void unknown(Exchange exchange) {
        XrpcFailure.answer(501, "MethodNotImplemented", "Method Not Implemented").to(exchange);
    }
}
