package org.askfirst.testkit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.askfirst.entry.Entry;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectKey;
import org.jspecify.annotations.Nullable;

/** Values as the texts of the tables' columns. */
final class TableText {
    static final long FOR_EVER = Long.MAX_VALUE;

    private TableText() {}

    static String moment(@Nullable OffsetDateTime moment) {
        return moment == null ? "null" : moment.toInstant().toString();
    }

    static String micros(@Nullable Instant moment) {
        return moment == null ? "-" : java.time.temporal.ChronoUnit.MICROS.between(Instant.EPOCH, moment) + "";
    }

    static String id(Entry entry) {
        return entry.party().number().toString();
    }

    static String key(Subject subject) {
        SubjectKey key = SubjectKey.of(sha256().digest(subject.canonical().getBytes(StandardCharsets.UTF_8)));
        return key.hex();
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
