package org.askfirst.license;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The models to which a license applies.
 *
 * <p>An offer may leave the name and the version out. Then the asker names them in its request.
 *
 * @param kind one version of a model, all versions of a model, or any model
 * @param name the name of the model; null if it is not given or the kind is {@code any}
 * @param version the version of the model; null if it is not given or the kind is not {@code model-version}
 */
public record ModelScope(
        Kind kind, @Nullable String name, @Nullable String version) {
    /** The greatest number of UTF-16 code units of a name and of a version. */
    public static final int MAX_NAME = 200;

    /** The scope of a license for any model. */
    public static final ModelScope ANY = new ModelScope(Kind.ANY, null, null);

    /** The extent of a license. */
    public enum Kind {
        MODEL_VERSION("model-version"),
        MODEL("model"),
        ANY("any");

        private final String wireName;

        Kind(String wireName) {
            this.wireName = wireName;
        }

        /** Returns the kind with that name in the contract; empty if there is none. */
        public static Optional<Kind> named(String wireName) {
            for (Kind kind : values()) {
                if (kind.wireName.equals(wireName)) {
                    return Optional.of(kind);
                }
            }
            return Optional.empty();
        }

        /** Returns the name in the contract. */
        public String wireName() {
            return wireName;
        }
    }

    public ModelScope {
        if (name != null && (kind == Kind.ANY || name.isBlank() || name.length() > MAX_NAME)) {
            throw new IllegalArgumentException("the scope has no model, or its name is empty or too long");
        }
        if (version != null
                && (kind != Kind.MODEL_VERSION || name == null || version.isBlank() || version.length() > MAX_NAME)) {
            throw new IllegalArgumentException("the scope has no version, or it is empty or too long");
        }
    }

    /** Returns true if a license of this scope permits everything that a license of the other scope permits. */
    public boolean covers(ModelScope other) {
        if (kind == Kind.ANY) {
            return true;
        }
        boolean wide = kind == Kind.MODEL ? other.kind != Kind.ANY : other.kind == Kind.MODEL_VERSION;
        return wide && (name == null || name.equals(other.name)) && (version == null || version.equals(other.version));
    }
}
