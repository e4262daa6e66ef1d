package org.askfirst.registry.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Texts that are packed with the application. */
final class Texts {
    private Texts() {}

    /** Returns the text of a file in UTF-8; null if there is none. */
    static @Nullable String read(String name) {
        try (InputStream file = Texts.class.getResourceAsStream(name)) {
            return file == null ? null : new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Returns the text of a file that must be there. */
    static String require(String name) {
        String text = read(name);
        if (text == null) {
            throw new IllegalStateException(name + " is not packed with the application");
        }
        return text;
    }
}
