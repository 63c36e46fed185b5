package dev.atmirror.handle;

import java.util.Optional;

/**
 * What one check of a handle found.
 *
 * @param handle that the account declares, lower case; empty where it declares none that could be one
 * @param method what decided: {@code dns} or {@code well-known}; empty where neither was asked or neither answered
 * @param pointsTo the DID that it points to, where that is another than the account's
 * @param detail why, in one line; empty for what is valid
 */
public record HandleVerdict(
        HandleResult result,
        Optional<String> handle,
        Optional<String> method,
        Optional<String> pointsTo,
        Optional<String> detail) {}
