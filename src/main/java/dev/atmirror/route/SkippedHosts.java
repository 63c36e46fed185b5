package dev.atmirror.route;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says which hosts of documents are not asked, and why: a line for each that is found, up to a bound, as strangers choose how
 * many there are; then how many more.
 */
final class SkippedHosts {
    private static final int MOST_LINES = 20; // in a process
    private static final int LONGEST = 200;
    private static final Logger LOG = LoggerFactory.getLogger(SkippedHosts.class);

    private final NamedHosts named;
    private int lines;

    SkippedHosts(NamedHosts named) {
        this.named = named;
    }

    private List<String> skipped(List<String> claimed) {
        return claimed.stream().filter(endpoint -> named.url(endpoint).isEmpty()).toList();
    }

    /** These were found just now. */
    void found(List<String> claimed) {
        int more = 0;
        for (String endpoint : skipped(claimed)) {
            lines++;
            if (lines <= MOST_LINES) {
                LOG.warn("pds-hosts: \"{}\" of a document is skipped: {}", plain(endpoint), NamedHosts.refusal(endpoint));
            } else {
                more++;
            }
        }
        if (more > 0) {
            LOG.warn("pds-hosts: {} more endpoints of documents are skipped; `status` counts them", more);
        }
    }

    /** These were skipped by an earlier run: says how many a setting would let be asked. */
    void stillSkipped(List<String> claimed) {
        List<String> hosts = skipped(claimed).stream().filter(NamedHosts::isPrivate).toList();
        if (!hosts.isEmpty()) {
            LOG.warn("pds-hosts: {} endpoints of documents are skipped as before, such as \"{}\": {}",
                    hosts.size(), plain(hosts.get(0)), NamedHosts.refusal(hosts.get(0)));
        }
    }

    private static String plain(String text) {
        String shown = text.replaceAll("\\p{Cntrl}", "\ufffd");
        return shown.length() > LONGEST ? shown.substring(0, LONGEST) + "…" : shown;
    }
}
