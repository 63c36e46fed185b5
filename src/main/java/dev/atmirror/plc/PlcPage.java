package dev.atmirror.plc;

import java.util.List;

/**
 * What one request, or one batch of stream messages, brought.
 *
 * @param epoch the reading it belongs to: pages of an epoch that a failure ended are dropped unseen
 * @param unparsable complete lines that are no operation, kept so that nothing vanishes silently
 * @param next the position once everything here is stored
 */
public record PlcPage(int epoch, List<ExportedOperation> operations, List<String> unparsable, Position next) {}
