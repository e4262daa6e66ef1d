package org.askfirst.registry.grant;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.askfirst.subject.Expansion;
import org.askfirst.subject.SubjectKey;

/**
 * The works that a grant names. It covers a work if it names the work or something that contains it. Another spelling of
 * an address is not covered, as in lookups. Immutable; 100,000 works take some 6 MB.
 */
public final class GrantCoverage {
    private final Set<Key> keys;

    /** The first 128 bits of the key of a subject. */
    private record Key(long first, long second) {}

    private GrantCoverage(Set<Key> keys) {
        this.keys = keys;
    }

    /** Returns true if the grant covers the work that was expanded. */
    public boolean covers(Expansion expansion) {
        for (int i = 0; i < expansion.size(); i++) {
            if (!expansion.isOtherSpelling(i)
                    && keys.contains(
                            new Key(expansion.prefix64(i), expansion.key(i).word(1)))) {
                return true;
            }
        }
        return false;
    }

    /** Collects keys. */
    static final class Builder {
        private final Set<Key> keys;

        Builder(int expected) {
            this.keys = new HashSet<>(Math.max(16, expected * 4 / 3));
        }

        /** Adds keys that stand one after another. */
        void add(byte[] bytes) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            for (int at = 0; at < bytes.length; at += SubjectKey.BYTES) {
                keys.add(new Key(buffer.getLong(at), buffer.getLong(at + Long.BYTES)));
            }
        }

        GrantCoverage finish() {
            return new GrantCoverage(keys);
        }
    }
}
