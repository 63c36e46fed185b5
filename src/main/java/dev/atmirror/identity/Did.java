package dev.atmirror.identity;

/** Syntax of {@code did:plc} identifiers: 24 characters of lower-case base32 (did:plc specification, "Identifier Syntax"). */
public final class Did {
    public static final String PLC_PREFIX = "did:plc:";
    private static final int SUFFIX_LENGTH = 24;

    private Did() {}

    public static boolean isPlc(String text) {
        if (text.length() != PLC_PREFIX.length() + SUFFIX_LENGTH || !text.startsWith(PLC_PREFIX)) {
            return false;
        }
        for (int i = PLC_PREFIX.length(); i < text.length(); i++) {
            char c = text.charAt(i);
            if (!(c >= 'a' && c <= 'z' || c >= '2' && c <= '7')) {
                return false;
            }
        }
        return true;
    }

    /** Whether the text is a DID of a method that a mirror of did:plc can know nothing of, such as did:web. */
    public static boolean isOfOtherMethod(String text) {
        return text.startsWith("did:") && !text.startsWith(PLC_PREFIX);
    }

    /** @param genesisHash sha-256 of the DAG-CBOR of the signed genesis operation */
    public static boolean isGenesisOf(String did, byte[] genesisHash) {
        return did.equals(ofGenesis(genesisHash));
    }

    public static String ofGenesis(byte[] genesisHash) {
        return PLC_PREFIX + Cid.base32(genesisHash).substring(0, SUFFIX_LENGTH);
    }
}
