package dev.atmirror.realnet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.app.Reply;
import dev.atmirror.identity.Json;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Asks a directory and its mirror the same and tells where they differ: status, media type, body as JSON. */
final class DirectoryComparison {
    private static final List<String> PATHS = List.of("", "/data", "/log", "/log/audit", "/log/last");
    /** What no directory knows, and what is no DID at all. */
    private static final List<String> NOT_REGISTERED = List.of(
            "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa",
            "did:plc:short",
            "did:plc:",
            "did:plc:AAAAAAAAAAAAAAAAAAAAAAAA",
            "did:plc:00000000000000000000000_",
            "did:plc:%C3%A9",
            "did:web:example.com",
            "did:web:localhost%3A2583",
            "did:key:zQ3shXjHeiBuRCKmM36cuYnm7YEMzhGnCmCyW92sRJ9pribSF",
            "nonsense",
            "a%2Fb",
            "a+b",
            "@alice.example");

    private final URI reference;
    private final URI mirror;
    private int requests;

    DirectoryComparison(URI reference, URI mirror) {
        this.reference = reference;
        this.mirror = mirror;
    }

    /** Every DID that the directory's log names. */
    Set<String> dids() {
        Set<String> dids = new LinkedHashSet<>();
        String after = "1970-01-01T00:00:00.000Z";
        for (int before = -1; before != dids.size(); ) {
            before = dids.size();
            byte[] page = Reply.get(reference.resolve("/export?count=1000&after=" + after)).body();
            for (String line : new String(page, StandardCharsets.UTF_8).split("\n")) {
                if (!line.isBlank()) {
                    JsonNode operation = parse(line);
                    dids.add(operation.get("did").textValue());
                    after = operation.get("createdAt").textValue();
                }
            }
        }
        return dids;
    }

    /** How often both were asked. */
    int requests() {
        return requests;
    }

    /** All differences, one a line; empty when nobody could tell the two apart. */
    List<String> differences(Set<String> dids) {
        List<String> differences = new ArrayList<>();
        for (String did : dids) {
            PATHS.forEach(path -> compare("GET", did + path, differences));
            compare("HEAD", did, differences);
            compare("HEAD", did + "/log/audit", differences);
        }
        return differences;
    }

    /** The same for what is not registered, and for other ways to write what is. */
    List<String> differencesInErrors(String knownDid) {
        List<String> differences = new ArrayList<>();
        List<String> asked = new ArrayList<>(NOT_REGISTERED);
        asked.add(knownDid + "x");
        asked.add(knownDid + "%20");
        asked.add(knownDid.toUpperCase(java.util.Locale.ROOT));
        asked.add(knownDid.replace(":", "%3A"));
        asked.add("did:plc:" + "a".repeat(3000));
        for (String did : asked) {
            PATHS.forEach(path -> compare("GET", did + path, differences));
            compare("HEAD", did, differences);
        }
        compare("GET", knownDid + "/", differences);
        compare("GET", knownDid + "?did=did:plc:aaaaaaaaaaaaaaaaaaaaaaaa", differences);
        return differences;
    }

    private void compare(String method, String path, List<String> differences) {
        requests++;
        Reply theirs = Reply.to(method, reference.resolve("/" + path));
        Reply ours = Reply.to(method, mirror.resolve("/" + path));
        String asked = method + " /" + path + ": ";
        if (theirs.status() != ours.status()) {
            differences.add(asked + theirs.status() + " there, " + ours.status() + " here");
        }
        if (!theirs.type().equals(ours.type())) {
            differences.add(asked + theirs.type() + " there, " + ours.type() + " here");
        }
        if (method.equals("HEAD")) {
            return;
        }
        JsonNode expected = theirs.json();
        if (OlderDocument.isOlder(expected)) {
            expected = OlderDocument.inPresentForm(expected);
        }
        if (!expected.equals(withoutNote(ours.json()))) {
            differences.add(asked + expected + " there, " + ours.json() + " here");
        }
    }

    /** Of other methods a mirror says more than the directory: that it has none of them. */
    private static JsonNode withoutNote(JsonNode answer) {
        return answer.has("message") && answer.get("message").textValue().startsWith("DID not registered: did:")
                ? ((ObjectNode) answer).put("message", answer.get("message").textValue().replace(" (only did:plc is mirrored)", ""))
                : answer;
    }

    private static JsonNode parse(String line) {
        try {
            return Json.parse(line);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the directory's export is no JSON: " + line, e);
        }
    }
}
