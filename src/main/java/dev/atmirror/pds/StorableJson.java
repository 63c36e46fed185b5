package dev.atmirror.pds;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Optional;

/**
 * A JSON value as text that PostgreSQL's {@code jsonb} takes. It refuses U+0000, surrogates without their other half, and
 * numbers beyond its {@code numeric}; these show as U+FFFD or as text in {@code value}, and {@code raw} keeps what was
 * there.
 *
 * @param raw the exact text, where {@code value} is not
 */
record StorableJson(String value, Optional<String> raw) {
    private static final int LONGEST_NUMBER = 1000; // characters, and the exponent's bound: far within numeric's 131,072 digits
    private static final char REPLACEMENT = '\ufffd';

    /**
     * Reads the value that begins at the present token, to its end.
     *
     * @param text what the parser reads
     * @return empty when it nests deeper than PostgreSQL should have to follow
     */
    static Optional<StorableJson> read(JsonParser json, String text) throws IOException {
        int start = (int) json.currentTokenLocation().getCharOffset();
        StringWriter written = new StringWriter();
        boolean exact = true;
        boolean tooDeep = false;
        try (JsonGenerator copy = Answers.FACTORY.createGenerator(written)) {
            int depth = 0;
            do {
                JsonToken token = json.currentToken();
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                tooDeep |= depth > Answers.MAX_DEPTH;
                exact &= tooDeep || copyToken(json, copy);
            } while (depth > 0 && json.nextToken() != null);
        }
        if (tooDeep) {
            return Optional.empty();
        }
        String original = text.substring(start, end(json, text));
        return Optional.of(exact
                ? new StorableJson(original, Optional.empty())
                : new StorableJson(written.toString(), Optional.of(original)));
    }

    private static int end(JsonParser json, String text) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
            json.getText(); // a string is read only when it is asked for
        }
        int end = (int) json.currentLocation().getCharOffset();
        // Behind a number the parser has looked one character ahead.
        while (json.currentToken().isNumeric() && !Character.isDigit(text.charAt(end - 1))) {
            end--;
        }
        return end;
    }

    private static boolean copyToken(JsonParser json, JsonGenerator copy) throws IOException {
        switch (json.currentToken()) {
            case FIELD_NAME -> {
                String name = json.currentName();
                String storable = storable(name);
                copy.writeFieldName(storable);
                return storable.equals(name);
            }
            case VALUE_STRING -> {
                String value = json.getText();
                String storable = storable(value);
                copy.writeString(storable);
                return storable.equals(value);
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                String number = json.getText();
                if (isStorable(number)) {
                    copy.writeNumber(number);
                    return true;
                }
                copy.writeString(number);
                return false;
            }
            default -> copy.copyCurrentEvent(json);
        }
        return true;
    }

    private static boolean isStorable(String number) {
        int e = Math.max(number.indexOf('e'), number.indexOf('E'));
        String exponent = e < 0 ? "0" : number.substring(e + 1).replaceFirst("^[+-]?0*", "");
        return number.length() <= LONGEST_NUMBER
                && exponent.length() <= 4
                && (exponent.isEmpty() || Integer.parseInt(exponent) <= LONGEST_NUMBER);
    }

    private static String storable(String text) {
        StringBuilder changed = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (c == 0 || Character.isSurrogate(c)) {
                changed = changed == null ? new StringBuilder(text) : changed;
                changed.setCharAt(i, REPLACEMENT);
            }
        }
        return changed == null ? text : changed.toString();
    }
}
