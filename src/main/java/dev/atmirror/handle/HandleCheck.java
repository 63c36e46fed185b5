package dev.atmirror.handle;

import java.util.Optional;

/** Checks one account's handle on demand. */
public interface HandleCheck {
    /**
     * Checks the handle that the account declares at present, and stores what it finds: the views {@code handle_checks}
     * and {@code account_infos} show it when this returns. Waits for DNS and the handle's host, each some seconds at most, and
     * for the pace at which they may be asked; the caller limits how often it is called.
     *
     * @param did of any account of the mirror
     * @return what this check found, {@link HandleResult#UNREACHABLE} also where an older definite result stays in force;
     *     empty for an account that is unknown, tombstoned, or declares nothing
     * @throws IllegalStateException when the result could not be stored
     */
    Optional<HandleVerdict> now(String did);
}
