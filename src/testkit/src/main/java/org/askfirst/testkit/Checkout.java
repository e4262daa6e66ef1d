package org.askfirst.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The checkout that the tests run in; Maven and editors start them in different folders of it. */
public final class Checkout {
    private static final Path ROOT = find();

    private Checkout() {}

    /** The file or folder of that path, from the root of the checkout. */
    public static Path at(String first, String... more) {
        return ROOT.resolve(Path.of(first, more));
    }

    private static Path find() {
        for (@Nullable Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("openapi.yaml"))) {
                return folder;
            }
        }
        throw new IllegalStateException("No folder above " + Path.of("").toAbsolutePath() + " has openapi.yaml");
    }
}
