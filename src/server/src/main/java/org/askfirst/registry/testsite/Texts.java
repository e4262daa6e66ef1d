package org.askfirst.registry.testsite;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The files of the site that are part of the jar. */
final class Texts {
    private static final String FOLDER = "/testsite/";

    private Texts() {}

    /** Returns a text file. */
    static String read(String name) {
        return new String(bytes(name), StandardCharsets.UTF_8);
    }

    /** Returns a file. */
    static byte[] bytes(String name) {
        try (InputStream in = Texts.class.getResourceAsStream(FOLDER + name)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks " + FOLDER + name);
            }
            return in.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
