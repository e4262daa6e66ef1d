package org.askfirst.registry.grant;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.askfirst.index.AskerGrants;
import org.askfirst.subject.Subject;

/**
 * The works of a grant: everything that the licensor states, or a list of subjects in the order of their bytes in UTF-8.
 *
 * @param everything true if the grant covers everything that the licensor states
 * @param subjects each once; empty if the grant covers everything
 */
record GrantWorks(boolean everything, List<Subject> subjects) {
    /** The greatest number of subjects. */
    static final int MAX = 100_000;

    /** The text that is committed to if the grant covers everything. */
    static final String EVERYTHING = "*\n";

    static final GrantWorks ALL = new GrantWorks(true, List.of());

    static GrantWorks of(Collection<Subject> subjects) {
        return new GrantWorks(
                false,
                subjects.stream()
                        .distinct()
                        .sorted(Comparator.comparing(
                                subject -> subject.canonical().getBytes(StandardCharsets.UTF_8),
                                Arrays::compareUnsigned))
                        .toList());
    }

    /** Returns the bits of the schemes of the subjects. */
    long schemes() {
        long schemes = 0;
        for (Subject subject : subjects) {
            schemes |= AskerGrants.bit(subject.scheme());
        }
        return schemes;
    }

    /** Returns the commitment: SHA-256 of the salt and the lines, each subject followed by LF. */
    String commitment(byte[] salt) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(salt);
            if (everything) {
                digest.update(EVERYTHING.getBytes(StandardCharsets.UTF_8));
            }
            for (Subject subject : subjects) {
                digest.update((subject.canonical() + "\n").getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
