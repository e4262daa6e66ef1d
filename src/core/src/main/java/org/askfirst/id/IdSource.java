package org.askfirst.id;

import java.util.UUID;

/** Where new ids come from: 128 bits, never given twice; safe to call from any thread. */
public interface IdSource {
    /** The next one. */
    UUID next();
}
