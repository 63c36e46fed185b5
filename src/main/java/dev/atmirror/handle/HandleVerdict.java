package dev.atmirror.handle;

import dev.atmirror.identity.Handle;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What one check of a handle found.
 *
 * @param handle that the account declares, lower case; empty where it declares none that could be one
 * @param method what decided: {@code dns} or {@code well-known}; empty where neither was asked or neither decided
 * @param pointsTo the DID that it points to, where that is another than the account's
 * @param detail why, in one line; empty for what is valid
 */
public record HandleVerdict(
        HandleResult result,
        Optional<String> handle,
        Optional<String> method,
        Optional<String> pointsTo,
        Optional<String> detail) {
    private static final String DNS = "dns";
    private static final String WELL_KNOWN = "well-known";
    private static final int LONGEST_DETAIL = 300;

    /** Of the handle specification; {@code test} is for networks of one machine. */
    private static final Set<String> RESERVED =
            Set.of("alt", "arpa", "example", "internal", "invalid", "local", "localhost", "onion");

    /** What can be said without asking anybody. @param allowTest whether {@code .test} is a place for handles */
    public static Optional<HandleVerdict> unasked(String handle, boolean allowTest) {
        if (Handle.parse(handle).isEmpty()) {
            return Optional.of(undecided(HandleResult.INVALID_SYNTAX, handle, "is no handle"));
        }
        String top = handle.toLowerCase(Locale.ROOT).substring(handle.lastIndexOf('.') + 1);
        return RESERVED.contains(top) || top.equals("test") && !allowTest
                ? Optional.of(undecided(HandleResult.RESERVED, handle, "." + top + " can belong to nobody"))
                : Optional.empty();
    }

    /** Of a source that {@link HandleClaim#decides}, or of DNS and the host together. @param did of the account */
    public static HandleVerdict of(String did, String handle, HandleClaim dns, HandleClaim wellKnown) {
        if (dns.decides()) {
            return decided(did, handle, dns, DNS);
        }
        boolean dnsIsSilent = dns instanceof HandleClaim.NoAnswer;
        // What a silent DNS holds would count before what the host says: only the account's own DID needs no other.
        if (wellKnown instanceof HandleClaim.Names names && (!dnsIsSilent || names.did().equals(did))) {
            return decided(did, handle, wellKnown, WELL_KNOWN);
        }
        String detail = said(dns) + "; " + said(wellKnown);
        boolean silent = dnsIsSilent || wellKnown instanceof HandleClaim.NoAnswer;
        return undecided(silent ? HandleResult.UNREACHABLE : HandleResult.NO_RECORD, handle, detail);
    }

    private static HandleVerdict decided(String did, String handle, HandleClaim claim, String method) {
        if (claim instanceof HandleClaim.Names names) {
            return names.did().equals(did)
                    ? new HandleVerdict(HandleResult.VALID, Optional.of(handle), Optional.of(method), Optional.empty(), Optional.empty())
                    : new HandleVerdict(
                            HandleResult.POINTS_ELSEWHERE,
                            Optional.of(handle),
                            Optional.of(method),
                            Optional.of(names.did()),
                            Optional.of(line(said(claim))));
        }
        return new HandleVerdict(
                HandleResult.CONFLICTING_RECORDS,
                Optional.of(handle),
                Optional.of(method),
                Optional.empty(),
                Optional.of(line(said(claim))));
    }

    private static HandleVerdict undecided(HandleResult result, String handle, String detail) {
        return new HandleVerdict(result, Optional.of(handle), Optional.empty(), Optional.empty(), Optional.of(line(detail)));
    }

    private static String said(HandleClaim claim) {
        if (claim instanceof HandleClaim.Names names) {
            return "names " + names.did();
        } else if (claim instanceof HandleClaim.Several several) {
            return "names " + String.join(", ", several.dids());
        } else if (claim instanceof HandleClaim.Nothing nothing) {
            return nothing.why();
        }
        return ((HandleClaim.NoAnswer) claim).why();
    }

    /** Strangers write what is quoted here. */
    private static String line(String text) {
        String clean = text.replaceAll("[^\\x20-\\x7e]+", " ");
        return clean.length() > LONGEST_DETAIL ? clean.substring(0, LONGEST_DETAIL - 1) + "~" : clean;
    }
}
