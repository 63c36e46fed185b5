package dev.atmirror.plc;

/**
 * What somebody found odd about an operation, as {@code plc_log_entries} shows it.
 *
 * @param notes empty without
 * @param filtered how many marks it has; 0 without
 */
public record OperationNote(String did, String cid, String notes, int filtered) {}
