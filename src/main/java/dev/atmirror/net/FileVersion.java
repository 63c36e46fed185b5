package dev.atmirror.net;

import java.util.Optional;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;

/**
 * By what a server tells one version of a file from another.
 *
 * @param etag with its quotes, and W/ where it is weak
 * @param modified as the server words it
 * @param encoding in which the server sends it; identity where it says nothing
 * @param length of the whole file; negative where it is not said
 */
record FileVersion(Optional<String> etag, Optional<String> modified, String encoding, long length) {
    private static final String WEAK = "W/";
    private static final String PLAIN = "identity";

    static FileVersion of(HttpResponse response, long length) {
        return new FileVersion(header(response, "ETag"), header(response, "Last-Modified"), header(response, "Content-Encoding").orElse(PLAIN), length);
    }

    static Optional<String> header(HttpResponse response, String name) {
        return Optional.ofNullable(response.getFirstHeader(name)).map(Header::getValue).map(String::strip);
    }

    /** For If-Range, which takes no weak tag (RFC 9110, section 13.1.5); empty where a server gives nothing to ask by. */
    Optional<String> condition() {
        return etag.filter(tag -> !tag.startsWith(WEAK)).or(() -> modified);
    }

    /** Whether it cannot be the same file. */
    boolean differs(FileVersion other) {
        if (!encoding.equalsIgnoreCase(other.encoding)) {
            return true; // other bytes, whatever the tag says
        }
        if (length >= 0 && other.length >= 0 && length != other.length) {
            return true;
        }
        if (etag.isPresent() && other.etag.isPresent()) {
            return !strong(etag.get()).equals(strong(other.etag.get()));
        }
        return modified.isPresent() && other.modified.isPresent() && !modified.equals(other.modified);
    }

    /** Servers that compress on the way weaken a tag. */
    private static String strong(String tag) {
        return tag.startsWith(WEAK) ? tag.substring(WEAK.length()) : tag;
    }

    /** With the length that only the other knows. */
    FileVersion and(FileVersion other) {
        return length >= 0 ? this : new FileVersion(etag, modified, encoding, other.length);
    }
}
