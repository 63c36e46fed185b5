package dev.atmirror.sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.identity.DidDocument;
import dev.atmirror.identity.Json;
import dev.atmirror.identity.PlcOperation;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collections;
import java.util.List;
import java.util.Optional;


/** What a host answers when it is well, as the reference host words it. */
final class PdsMethods {
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;

    private final PdsHost host;
    private final Hosts hosts;
    private final SandboxLog log;
    private final RepoPages pages;

    PdsMethods(PdsHost host, Hosts hosts, SandboxLog log) {
        this.host = host;
        this.hosts = hosts;
        this.log = log;
        this.pages = new RepoPages(host);
    }

    void answer(HttpServerRequest request, String method) {
        XrpcQuery query = new XrpcQuery(request, method);
        HttpServerResponse response = request.response();
        try {
            switch (method) {
                case "_health" -> XrpcAnswers.json(response, "{\"version\":\"sandbox\"}");
                case "com.atproto.server.describeServer" -> XrpcAnswers.json(response, describeServer());
                case "com.atproto.sync.listRepos" -> listRepos(query, response);
                case "com.atproto.sync.getRepoStatus" -> getRepoStatus(query, response);
                case "com.atproto.repo.describeRepo" -> describeRepo(query, response);
                case "com.atproto.repo.listRecords" -> listRecords(query, response);
                case "com.atproto.identity.resolveHandle" -> resolveHandle(query, response);
                default -> XrpcAnswers.error(response, NOT_FOUND, "XRPCNotSupported", "XRPCNotSupported");
            }
        } catch (XrpcQuery.Refused e) {
            XrpcAnswers.invalid(response, e.getMessage());
        }
    }

    /** {@code /.well-known/atproto-did}: whose handle the Host header is. */
    void answerWellKnown(HttpServerRequest request) {
        String name = request.authority() == null ? "" : request.authority().host();
        Optional<String> did = handleHere(name);
        XrpcAnswers.body(
                request.response(),
                did.isPresent() ? 200 : NOT_FOUND,
                "text/plain; charset=utf-8",
                did.orElse("User not found"));
    }

    private String describeServer() {
        String domain = BulkAccounts.domain(host.index());
        return new JsonObject()
                .put("did", "did:web:" + host.name().replace(":", "%3A"))
                .put("availableUserDomains", new JsonArray().add(domain))
                .put("inviteCodeRequired", host.index() % 2 == 1)
                .put("links", new JsonObject().put("termsOfService", "https://pds" + (host.index() + 1) + ".test/tos"))
                .put("contact", new JsonObject().put("email", "admin@pds" + (host.index() + 1) + ".test"))
                .encode();
    }

    private void listRepos(XrpcQuery query, HttpServerResponse response) throws XrpcQuery.Refused {
        Optional<String> page = pages.page(query.optional("cursor"), query.limit(500, 1_000));
        if (page.isPresent()) {
            XrpcAnswers.json(response, page.get());
        } else {
            XrpcAnswers.invalid(response, "Malformed cursor");
        }
    }

    private void getRepoStatus(XrpcQuery query, HttpServerResponse response) throws XrpcQuery.Refused {
        String did = query.did("did");
        Optional<Repo> repo = host.find(did).filter(known -> known.standing().listed());
        if (repo.isPresent()) {
            XrpcAnswers.json(response, RepoPages.status(repo.get()));
        } else {
            refuse(response, Standing.GONE, did);
        }
    }

    private void describeRepo(XrpcQuery query, HttpServerResponse response) throws XrpcQuery.Refused {
        String asked = query.identifier("repo");
        Optional<Repo> repo = find(asked);
        Standing standing = repo.map(Repo::standing).orElse(Standing.GONE);
        if (!standing.served()) {
            refuse(response, standing, asked);
            return;
        }
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("handle", repo.get().handle()).put("did", repo.get().did());
        List<SandboxOperation> operations = log.ofDid(repo.get().did());
        boolean correct = false;
        if (!operations.isEmpty()) {
            PlcOperation last = operations.get(operations.size() - 1).operation();
            json.set("didDoc", DidDocument.of(repo.get().did(), last));
            correct = last.handle().orElse("").equals(repo.get().handle());
        }
        ArrayNode collections = json.putArray("collections");
        repo.get().records().counts().keySet().forEach(collections::add);
        XrpcAnswers.json(response, Json.write(json.put("handleIsCorrect", correct)));
    }

    private static void refuse(HttpServerResponse response, Standing standing, String repo) {
        XrpcAnswers.error(response, BAD_REQUEST, standing.error(), standing.complaint(repo));
    }

    private void listRecords(XrpcQuery query, HttpServerResponse response) throws XrpcQuery.Refused {
        String asked = query.identifier("repo");
        String collection = query.nsid("collection");
        int limit = query.limit(50, 100);
        Optional<Repo> repo = find(asked).filter(known -> known.standing().served());
        if (repo.isEmpty()) {
            XrpcAnswers.invalid(response, "Could not find repo: " + asked);
            return;
        }
        List<Records.Entry> all = repo.get().records().of(collection);
        boolean reverse = query.optional("reverse").equals("true");
        String cursor = query.optional("cursor");
        if (reverse) {
            Collections.reverse(all);
        }
        List<Records.Entry> page = all.stream().filter(entry -> cursor.isEmpty()
                        || (reverse ? entry.key().compareTo(cursor) > 0 : entry.key().compareTo(cursor) < 0))
                .limit(limit)
                .toList();
        StringBuilder json = new StringBuilder("{\"records\":[");
        for (int i = 0; i < page.size(); i++) {
            json.append(i == 0 ? "" : ",");
            RecordText.append(json, repo.get().did(), repo.get().records(), page.get(i));
        }
        json.append(']');
        if (!page.isEmpty()) {
            json.append(",\"cursor\":\"").append(page.get(page.size() - 1).key()).append('"');
        }
        XrpcAnswers.json(response, json.append('}').toString());
    }

    private void resolveHandle(XrpcQuery query, HttpServerResponse response) throws XrpcQuery.Refused {
        Optional<String> did = handleHere(query.required("handle"));
        if (did.isPresent()) {
            XrpcAnswers.json(response, new JsonObject().put("did", did.get()).encode());
        } else {
            XrpcAnswers.invalid(response, "Unable to resolve handle");
        }
    }

    private Optional<String> handleHere(String handle) {
        return find(handle).filter(repo -> repo.answersFor(handle)).map(Repo::ownerOfHandle);
    }

    private Optional<Repo> find(String identifier) {
        return identifier.startsWith("did:")
                ? host.find(identifier)
                : hosts.findHandle(identifier).flatMap(host::find);
    }
}
