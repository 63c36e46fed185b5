package dev.atmirror.plc;

import java.time.Instant;

/** The two forms in which the directory's {@code /export} prints an operation. */
public enum ExportFormat {
    /** In the order of time, with the nullified flag of this moment; read on behind the last {@code createdAt}. */
    LEGACY {
        @Override
        public String line(Printed o) {
            return "{\"did\":\"" + o.did() + "\",\"operation\":" + o.operation() + ",\"cid\":\"" + o.cid()
                    + "\",\"nullified\":" + o.nullified() + ",\"createdAt\":\"" + Times.format(o.createdAt()) + "\"}";
        }
    },
    /** In the order of sequence numbers; read on behind the last {@code seq}. */
    SEQ {
        @Override
        public String line(Printed o) {
            return "{\"seq\":" + o.seq() + ",\"type\":\"sequenced_op\",\"did\":\"" + o.did() + "\",\"operation\":"
                    + o.operation() + ",\"cid\":\"" + o.cid() + "\",\"createdAt\":\"" + Times.format(o.createdAt()) + "\"}";
        }
    };

    /** An operation to be printed. @param operation as JSON */
    public record Printed(long seq, String did, String cid, Instant createdAt, boolean nullified, String operation) {}

    /** Without its end. */
    public abstract String line(Printed operation);
}
