package dev.atmirror.snapshot;

import dev.atmirror.net.Download;
import dev.atmirror.net.DownloadFailure;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens what is restored, wherever it is. With a manifest beside it, a file of this machine is checked whole before its first
 * byte is handed out; what comes from a server is digested on its way, since keeping it to read it twice would need the room.
 */
public final class SnapshotInputs {
    private static final int WINDOW_MEGABYTES = 128; // what zstd itself takes without being asked
    private static final int MOST_WINDOW_MEGABYTES = 2048; // zstd --long=31
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotInputs.class);

    private final String userAgent;
    private final Path here;
    private final SnapshotFolder dumps;
    private final Duration patience;
    private final int windowMegabytes;

    /**
     * @param here the caller's folder, in which names of files are looked up first
     * @param dumps where they are looked up then
     * @param patience as {@link Download#open} takes it
     */
    public SnapshotInputs(String userAgent, Path here, SnapshotFolder dumps, Duration patience) {
        this(userAgent, here, dumps, patience, WINDOW_MEGABYTES);
    }

    /** @param windowMegabytes memory that decompressing may take beside the heap */
    public SnapshotInputs(String userAgent, Path here, SnapshotFolder dumps, Duration patience, int windowMegabytes) {
        if (windowMegabytes < 1 || windowMegabytes > MOST_WINDOW_MEGABYTES) {
            throw new IllegalArgumentException(
                    "atmirror.snapshot.window-megabytes is between 1 and " + MOST_WINDOW_MEGABYTES + ", not " + windowMegabytes);
        }
        this.windowMegabytes = windowMegabytes;
        this.userAgent = userAgent;
        this.here = here;
        this.dumps = dumps;
        this.patience = patience;
    }

    /** @throws SnapshotFailure where there is no such file, or it is not what its manifest says */
    public SnapshotInput open(String fileOrUrl) {
        return fileOrUrl.matches("[A-Za-z][A-Za-z0-9+.-]+://.*") ? openUrl(fileOrUrl) : openFile(dumps.find(here, fileOrUrl));
    }

    private SnapshotInput openFile(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new SnapshotFailure("there is no file " + file);
        }
        Optional<Manifest> manifest = SnapshotFolder.findManifest(file);
        try {
            if (manifest.isPresent()) {
                LOG.info("checking {} against its manifest", file.getFileName());
                SnapshotCheck.checkFile(file, manifest.get().content());
            }
            InputStream in = Files.newInputStream(file);
            return opened(file.getFileName().toString(), manifest, in, Files.size(file));
        } catch (IOException e) {
            throw new SnapshotFailure("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** Closes the file where it cannot be opened. */
    private SnapshotInput opened(String name, Optional<Manifest> manifest, InputStream in, long bytes) throws IOException {
        try {
            return new OpenedInput(name, manifest, in, bytes, windowMegabytes);
        } catch (RuntimeException e) {
            in.close();
            throw e;
        }
    }

    private SnapshotInput openUrl(String url) {
        URI uri = checked(url);
        try {
            Download download = Download.open(uri, userAgent, patience);
            try {
                URI location = download.location();
                Optional<Manifest> manifest = manifest(location, uri);
                return opened(nameOf(location), manifest, download, download.length());
            } catch (IOException | RuntimeException e) {
                download.close();
                throw e;
            }
        } catch (DownloadFailure e) {
            throw new SnapshotFailure(e.getMessage(), e);
        } catch (IOException e) {
            throw new SnapshotFailure("cannot read " + uri + ": " + e.getMessage(), e);
        }
    }

    private static URI checked(String url) {
        try {
            URI uri = new URI(url);
            String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
            if (!scheme.equals("http") && !scheme.equals("https")) {
                throw new SnapshotFailure("only http and https are fetched from, not " + scheme);
            }
            if (uri.getHost() == null) {
                throw new SnapshotFailure("there is no host in " + url);
            }
            if (uri.getRawUserInfo() != null) {
                throw new SnapshotFailure("an address with a user's name and password is not fetched from; a signed one is");
            }
            return uri;
        } catch (URISyntaxException e) {
            throw new SnapshotFailure("this is no address: " + e.getMessage(), e);
        }
    }

    private static String nameOf(URI location) {
        String path = Optional.ofNullable(location.getPath()).orElse("");
        String name = path.substring(path.lastIndexOf('/') + 1);
        return name.isEmpty() ? location.getHost() : name;
    }

    /** Beside where the file is, or beside where it was asked for: redirects often lead to a store of files alone. */
    private Optional<Manifest> manifest(URI location, URI asked) throws IOException {
        List<URI> candidates = Stream.of(location, asked).map(SnapshotInputs::beside).distinct().toList();
        for (URI candidate : candidates) {
            Optional<String> text = text(candidate);
            if (text.isPresent()) {
                return Optional.of(read(candidate, text.get()));
            }
        }
        return Optional.empty();
    }

    private static URI beside(URI uri) {
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return URI.create(
                uri.getScheme() + "://" + uri.getRawAuthority() + SnapshotFolder.manifestOf(uri.getRawPath()) + query);
    }

    /** Empty where the server has none. One that cannot be had for another reason is a failure: it may be what tells a forgery. */
    private Optional<String> text(URI uri) throws IOException {
        try (Download download = Download.open(uri, userAgent, patience)) {
            byte[] body = download.readNBytes(SnapshotFolder.LARGEST_MANIFEST + 1);
            if (body.length > SnapshotFolder.LARGEST_MANIFEST) {
                throw new SnapshotFailure(uri + " is too large for a manifest");
            }
            String text = new String(body, StandardCharsets.UTF_8);
            // Some servers have a page for people at every address.
            return text.stripLeading().startsWith("<") ? Optional.empty() : Optional.of(text);
        } catch (DownloadFailure e) {
            if (e.isRefusal()) {
                return Optional.empty(); // not 404 alone: object stores say 403 of what is not there
            }
            throw e;
        }
    }

    private static Manifest read(URI uri, String text) {
        try {
            return ManifestJson.read(text);
        } catch (SnapshotFailure e) {
            throw new SnapshotFailure(uri + ": " + e.getMessage(), e);
        }
    }
}
