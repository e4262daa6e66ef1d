package org.askfirst.subject;

import java.text.Normalizer;
import java.util.regex.Pattern;
import org.askfirst.subject.internal.text.Invisible;

/** Prepares names and titles that people read, so that two texts that look the same are the same. */
public final class PlainText {
    /** The left-to-right, right-to-left and Arabic letter marks. */
    private static final Pattern MARKS = Pattern.compile("[\u200E\u200F\u061C]");

    private PlainText() {}

    /**
     * Returns the text composed (NFC), without invisible characters at both ends; empty if nothing can be seen. The
     * marks that programs put into Arabic and Hebrew titles are left out: they show nothing, and override nothing.
     */
    public static String of(String text) {
        String shown = MARKS.matcher(text).replaceAll("");
        String composed = Normalizer.isNormalized(shown, Normalizer.Form.NFC)
                ? shown
                : Normalizer.normalize(shown, Normalizer.Form.NFC);
        return Invisible.isBlank(composed) ? "" : Invisible.trim(composed);
    }

    /** Returns true if the text has a character that changes the direction in which it is shown. */
    public static boolean hasBidiControl(String text) {
        return text.codePoints().anyMatch(Invisible::isBidiControl);
    }
}
