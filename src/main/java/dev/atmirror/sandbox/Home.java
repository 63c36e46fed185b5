package dev.atmirror.sandbox;

/**
 * Where an account lives as its document says.
 *
 * @param host index of one of our hosts, or {@link #ELSEWHERE}
 * @param endpoint as the document has it; empty without one
 * @param handle that the document declares; empty without one
 * @param records what the account takes along when it moves
 */
record Home(int host, String endpoint, String handle, boolean tombstoned, Records records) {
    static final int ELSEWHERE = -1;
}
