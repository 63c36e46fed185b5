package dev.atmirror.api;

import dev.atmirror.plc.Times;
import dev.atmirror.snapshot.Manifest;
import dev.atmirror.snapshot.SnapshotFolder.Dump;
import dev.atmirror.snapshot.SnapshotRun;
import java.util.List;
import java.util.Locale;

/** Dumps as a page for browsers. */
final class SnapshotPage {
    private static final String HEAD =
            """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Snapshots</title>
            <style>
            body { font-family: system-ui, sans-serif; margin: 2em; }
            table { border-collapse: collapse; }
            th, td { padding: .3em .8em; text-align: left; border-bottom: 1px solid #8884; }
            td.number { text-align: right; font-variant-numeric: tabular-nums; }
            code { font-size: .85em; overflow-wrap: anywhere; }
            </style>
            <h1>Snapshots</h1>
            <p>Each restores by <code>./at-mirror snapshot restore</code> and its address.
            The whole list is <a href="%sindex.json">JSON</a>, too.</p>
            <table>
            <tr><th>file<th>made<th>size<th>rows<th>last seq<th>verified<th>sha256</tr>
            """;

    private SnapshotPage() {}

    /** @param dumps all with their manifests @param prefix of their addresses */
    static String html(List<Dump> dumps, String prefix) {
        StringBuilder page = new StringBuilder(String.format(Locale.ROOT, HEAD, prefix));
        dumps.forEach(dump -> dump.manifest().ifPresent(manifest -> page.append(row(
                prefix, escaped(dump.path().getFileName().toString()), manifest))));
        return page.append("</table>\n</html>\n").toString();
    }

    private static String row(String prefix, String file, Manifest manifest) {
        return String.format(
                Locale.ROOT,
                "<tr><td><a href=\"%s\">%s</a> <a href=\"%s\">manifest</a><td>%s<td class=\"number\">%s<td class=\"number\">%,d"
                        + "<td class=\"number\">%s<td>%s<td><code>%s</code></tr>%n",
                prefix + file,
                file,
                prefix + file + ".json",
                escaped(Times.format(manifest.origin().created())),
                SnapshotRun.bytes(manifest.content().bytes()),
                manifest.totalRows(),
                manifest.log().map(log -> String.valueOf(log.lastSeq())).orElse(""),
                manifest.holdsTheLog() ? manifest.verified() ? "yes" : "no" : "",
                escaped(manifest.content().sha256()));
    }

    /** Somebody else may have written the manifest. */
    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
