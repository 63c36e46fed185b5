package dev.atmirror.snapshot;

/**
 * @param trusting loads without verifying what others say
 * @param threads that verify
 * @param upstream key of the cursor that is set where no manifest names any
 */
public record RestoreSettings(boolean trusting, int threads, String upstream) {}
