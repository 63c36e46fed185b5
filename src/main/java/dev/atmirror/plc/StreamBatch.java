package dev.atmirror.plc;

import java.util.List;

/** Messages of the stream that came within a moment, in order; may be empty. */
public record StreamBatch(int epoch, List<String> messages) {}
