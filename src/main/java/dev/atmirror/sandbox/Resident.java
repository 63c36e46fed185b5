package dev.atmirror.sandbox;

import java.util.Optional;

/**
 * An account of the directory.
 *
 * @param repo what the host that its document names has of it; empty where that has nothing, or is none of ours
 * @param kind that it was born as
 */
record Resident(String did, Home home, Optional<Repo> repo, AccountKind kind) {}
