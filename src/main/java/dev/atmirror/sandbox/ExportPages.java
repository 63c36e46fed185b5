package dev.atmirror.sandbox;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Pattern;

/** {@code GET /export?count=&after=}: JSON lines by sequence number or by time, spoiled where a fault says so. */
final class ExportPages implements Handler<RoutingContext> {
    private static final String JSON_LINES = "application/jsonlines";
    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final int EACH = 10; // every so many lines one is repeated or followed by a blank one

    private final SandboxLog log;
    private final FaultBox faults;
    private final int pageSize;
    private final boolean sequences;

    ExportPages(SandboxLog log, FaultBox faults, SandboxSettings settings) {
        this.log = log;
        this.faults = faults;
        this.pageSize = settings.pageSize();
        this.sequences = settings.sequences();
    }

    @Override
    public void handle(RoutingContext context) {
        OptionalLong count =
                Query.single(context, "count").map(Query::leadingInteger).orElse(OptionalLong.of(pageSize));
        if (count.isEmpty() || count.getAsLong() < 1) {
            Answers.message(context, 400, "Invalid count parameter");
            return;
        }
        int most = (int) Math.min(count.getAsLong(), pageSize);
        Optional<String> after = Query.single(context, "after");
        if (sequences && after.isPresent() && NUMBER.matcher(after.get()).matches()) {
            long cursor = Query.leadingInteger(after.get()).orElseThrow();
            send(context, lines(log.after(cursor, most), SandboxOperation::sequencedLine));
            return;
        }
        Optional<Instant> time = after.flatMap(JsDates::parse);
        if (after.isPresent() && time.isEmpty()) {
            Answers.message(context, 400, "Invalid after parameter");
            return;
        }
        send(context, lines(log.after(time, most), SandboxOperation::legacyLine));
    }

    private static List<String> lines(List<SandboxOperation> operations, Function<SandboxOperation, String> format) {
        return new ArrayList<>(operations.stream().map(format).toList());
    }

    private void send(RoutingContext context, List<String> lines) {
        HttpServerResponse response = context.response().putHeader("Content-Type", JSON_LINES);
        // A fault waits for a page that has lines: an empty one cannot show it.
        if (lines.isEmpty()) {
            response.end();
            return;
        }
        String body = String.join("\n", spoiled(lines));
        if (faults.take(Fault.TRUNCATED_LINE)) {
            int lastLine = body.lastIndexOf('\n') + 1;
            body = body.substring(0, (lastLine + body.length()) / 2);
        }
        Buffer bytes = Buffer.buffer(body);
        if (faults.take(Fault.CUT_BODY)) {
            response.putHeader("Content-Length", Integer.toString(bytes.length()));
            response.write(bytes.slice(0, bytes.length() / 2))
                    .onComplete(written -> context.request().connection().close());
        } else {
            response.end(bytes);
        }
    }

    private List<String> spoiled(List<String> lines) {
        boolean repeat = faults.take(Fault.DUPLICATE_LINES);
        boolean blank = faults.take(Fault.BLANK_LINES);
        List<String> spoiled = new ArrayList<>(lines.size());
        for (int i = 0; i < lines.size(); i++) {
            spoiled.add(lines.get(i));
            if (i % EACH == 0 && repeat) {
                spoiled.add(lines.get(i));
            }
            if (i % EACH == 0 && blank) {
                spoiled.add("");
            }
        }
        if (blank) {
            spoiled.add("");
            spoiled.add("");
        }
        // In the middle or first, never last: a broken last line would pass for a cut.
        int middle = lines.size() / 2;
        if (faults.take(Fault.UNKNOWN_TYPE)) {
            spoiled.add(middle, "{\"type\":\"sandbox_announcement\",\"text\":\"of no concern to a mirror\"}");
        }
        if (faults.take(Fault.NOT_JSON)) {
            spoiled.add(middle, "{\"seq\":oops");
        }
        return spoiled;
    }
}
