package org.askfirst.id;

import java.util.UUID;

/** Creates new ids of 128 bits, each only once. All methods may be called from any thread. */
public interface IdSource {
    /** Returns a new id. */
    UUID next();
}
