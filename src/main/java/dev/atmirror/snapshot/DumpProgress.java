package dev.atmirror.snapshot;

/**
 * @param name of the dump under way
 * @param number of its place, from 1
 * @param of so many
 * @param plainBytes read so far, of all dumps
 * @param share of the work that is done, 0 to 1, by the tables' sizes and rows as the database guesses them
 */
public record DumpProgress(String name, int number, int of, long plainBytes, double share) {}
