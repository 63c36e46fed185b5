package dev.atmirror.snapshot;

import javax.sql.DataSource;

/**
 * What is dumped, and with what.
 *
 * @param database whose connections wait as long as it takes
 * @param address of the same, for pg_dump
 */
public record SnapshotSource(DataSource database, ServerAddress address, ClientTools tools) {}
