package dev.atmirror.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.plc.RecordedLog;
import dev.atmirror.testkit.FakeUpstream;
import dev.atmirror.testkit.MirrorRun;
import dev.atmirror.testkit.SignedLog;
import dev.atmirror.testkit.TestDatabase;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What {@code GET /{did}} answers is the same with the short path and without, to the last byte of the headers. */
class ShortPathIT {
    private static final String COUNTER = "atmirror_api_short_path_total";

    private static List<String> dids() {
        List<String> dids = new ArrayList<>(RecordedLog.all().stream().map(RecordedLog::did).toList());
        dids.add("did:plc:aaaaaaaaaaaaaaaaaaaaaaaa");
        dids.add("did:plc:tooshort");
        dids.add("did:web:example.com");
        dids.add("did:plc:%61aaaaaaaaaaaaaaaaaaaaaaa");
        dids.add("nothing");
        return dids;
    }

    private static Map<String, String> answers(URI mirror, Map<String, String> tags) {
        Map<String, String> answers = new LinkedHashMap<>();
        for (String did : dids()) {
            for (String method : List.of("GET", "HEAD", "OPTIONS", "PUT")) {
                ask(answers, mirror, method + " /" + did + " HTTP/1.1");
            }
            String get = "GET /" + did + " HTTP/1.1";
            ask(answers, mirror, get + "\r\nAccept-Encoding: gzip");
            ask(answers, mirror, "HEAD /" + did + " HTTP/1.1\r\nAccept-Encoding: gzip");
            ask(answers, mirror, get + "\r\nAccept: text/html\r\nOrigin: https://app.example");
            ask(answers, mirror, "GET /" + did + "?x=1&ETag=2 HTTP/1.1\r\nX-Evil: 1");
            ask(answers, mirror, get + "\r\nIf-Modified-Since: Fri, 31 Dec 9999 23:59:59 GMT");
            ask(answers, mirror, get + "\r\nIf-None-Match: " + tags.computeIfAbsent(did, d -> tag(answers.get(get))));
        }
        return answers;
    }

    private static void ask(Map<String, String> answers, URI mirror, String head) {
        answers.put(head, inOneOrder(RawRequest.send(mirror, head)));
    }

    /** Headers sorted, as their order says nothing, and without the date; the rest as it came. */
    private static String inOneOrder(String answer) {
        int end = answer.indexOf("\r\n\r\n");
        String[] head = answer.substring(0, end).split("\r\n");
        String headers = Arrays.stream(head)
                .skip(1)
                .filter(line -> !line.startsWith("Date: "))
                .sorted()
                .collect(Collectors.joining("\n"));
        return head[0] + "\n" + headers + answer.substring(end);
    }

    private static String tag(String answer) {
        return answer.lines()
                .filter(line -> line.startsWith("ETag: "))
                .map(line -> line.substring("ETag: ".length()))
                .findFirst()
                .orElse("\"none\"");
    }

    @Test
    void document_withTheShortPathAndWithout_isTheSameToTheByte() {
        TestDatabase database = TestDatabase.create();
        Map<String, String> tags = new LinkedHashMap<>();
        Map<String, String> fast;
        try (RecordedUpstream upstream = new RecordedUpstream();
                FakeUpstream nobody = new FakeUpstream(List.of());
                MirrorRun run = MirrorRun.start(database, nobody, "atmirror.plc.upstream", upstream.address().toString())) {
            upstream.open();
            run.awaitCaughtUp();
            fast = answers(run.address(), tags);
            assertThat(run.metric(COUNTER, "")).isGreaterThan(RecordedLog.all().size());
        }
        try (FakeUpstream nobody = new FakeUpstream(SignedLog.of(1, 1).lines());
                MirrorRun run = MirrorRun.start(
                        database, nobody,
                        "atmirror.http.short-path", "false",
                        "atmirror.routes.plc-logs.enabled", "false")) {
            Map<String, String> plain = answers(run.address(), tags);
            plain.forEach((request, answer) -> assertThat(fast.get(request)).as(request).isEqualTo(answer));
            assertThat(plain.values()).anyMatch(a -> a.startsWith("HTTP/1.1 200")).anyMatch(a -> a.startsWith("HTTP/1.1 304"));
            assertThat(run.metric(COUNTER, "")).isZero();
        }
    }
}
