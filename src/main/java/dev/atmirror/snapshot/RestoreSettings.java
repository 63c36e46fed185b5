package dev.atmirror.snapshot;

/**
 * @param trusting loads without verifying what others say
 * @param threads that verify
 * @param upstreamHost whose cursor is set where no manifest names any
 */
public record RestoreSettings(boolean trusting, int threads, String upstreamHost) {}
