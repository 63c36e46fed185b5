package dev.atmirror.route;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of hosts, one a line, read anew in each round. A line that does not read costs itself alone, and is named once by
 * its number; so is a file that does not open.
 */
final class HostsFile {
    private static final int MOST_HOSTS = 100_000;
    private static final int LONGEST_LINE = 300; // a host has 253 characters at most
    private static final int MOST_TOLD = 20; // lines named one by one; the rest is counted
    private static final char BYTE_ORDER_MARK = '\ufeff';
    private static final char NO_CHARACTER = '\ufffd'; // what decoding puts in the place of bytes that are no UTF-8
    private static final Logger LOG = LoggerFactory.getLogger(HostsFile.class);

    private final NamedHosts named;
    private Set<String> told = Set.of();

    HostsFile(NamedHosts named) {
        this.named = named;
    }

    /** The hosts of the file as they stand there, without comments and what names none. */
    List<String> read(Path file) {
        List<String> hosts = new ArrayList<>();
        Complaints complaints = new Complaints(file);
        try (BufferedReader lines = reader(file)) {
            int number = 0;
            for (Line line = line(lines); line != null && hosts.size() < MOST_HOSTS; line = line(lines)) {
                number++;
                String host = line.text().strip();
                if (host.isEmpty() || host.startsWith("#")) {
                    continue;
                }
                String url = NamedHosts.withScheme(host);
                if (line.tooLong()) {
                    complaints.line(number, "longer than " + LONGEST_LINE + " characters");
                } else if (host.indexOf(NO_CHARACTER) >= 0) {
                    complaints.line(number, "holds bytes that are no UTF-8");
                } else if (named.url(url).isEmpty()) {
                    complaints.line(number, "\"" + host + "\" is skipped: " + NamedHosts.refusal(url));
                } else {
                    hosts.add(host);
                }
            }
            if (hosts.size() >= MOST_HOSTS) {
                complaints.add("only its first " + MOST_HOSTS + " hosts are read, up to line " + number);
            }
        } catch (NoSuchFileException e) {
            complaints.add("does not exist; going on without it");
        } catch (IOException e) {
            complaints.add("cannot be read (" + e.getMessage() + "); going on with the " + hosts.size() + " hosts read so far");
        }
        tell(complaints.all());
        return hosts;
    }

    private static BufferedReader reader(Path file) throws IOException {
        InputStream in = Files.newInputStream(file);
        return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)); // which replaces what does not decode
    }

    private record Line(String text, boolean tooLong) {}

    /** The next line, its length bounded whatever the file holds; null at the end. */
    private static Line line(BufferedReader in) throws IOException {
        StringBuilder text = new StringBuilder();
        int next = in.read();
        if (next < 0) {
            return null;
        }
        boolean tooLong = false;
        for (; next >= 0 && next != '\n'; next = in.read()) {
            if (text.length() < LONGEST_LINE) {
                text.append((char) next);
            } else {
                tooLong = true;
            }
        }
        boolean marked = text.length() > 0 && text.charAt(0) == BYTE_ORDER_MARK;
        return new Line(text.substring(marked ? 1 : 0), tooLong);
    }

    /** A file is read every minute: what was said of it before is not said again. */
    private void tell(Set<String> complaints) {
        for (String complaint : complaints) {
            if (!told.contains(complaint)) {
                LOG.warn("{}", complaint);
            }
        }
        told = complaints;
    }

    private static final class Complaints {
        private final Path file;
        private final Set<String> all = new LinkedHashSet<>();
        private int lines;

        Complaints(Path file) {
            this.file = file;
        }

        void line(int number, String what) {
            lines++;
            if (lines <= MOST_TOLD) {
                add("line " + number + ": " + what);
            }
        }

        void add(String what) {
            all.add("hosts file " + file + ": " + what);
        }

        Set<String> all() {
            if (lines > MOST_TOLD) {
                add((lines - MOST_TOLD) + " more lines are skipped");
            }
            return all;
        }
    }
}
