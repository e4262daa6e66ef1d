package org.askfirst.entry;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.json.CanonicalJson;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectScheme;
import org.jspecify.annotations.Nullable;

/** Collects the members of an entry's canonical text and leaves out those whose value is null. */
public final class EntryWriter {
    private static final String TIME = "time";

    private final TreeMap<String, Object> tree = new TreeMap<>();

    EntryWriter() {}

    void put(String name, @Nullable Object value) {
        put(tree, name, value);
    }

    void put(String name, @Nullable PartyId party) {
        put(name, party == null ? null : party.toString());
    }

    void put(String name, DeclarationId declaration) {
        put(name, declaration.toString());
    }

    void put(String name, MandateId mandate) {
        put(name, mandate.toString());
    }

    void put(String name, Subject subject) {
        put(name, subject.canonical());
    }

    void put(String name, @Nullable Instant moment) {
        put(name, moment == null ? null : EntryText.moment(moment));
    }

    /** Writes {@code true}, or leaves the member out. */
    void putIf(boolean present, String name) {
        put(name, present ? Boolean.TRUE : null);
    }

    /** Writes the names of the schemes, or leaves the member out if there are none. */
    void putSchemes(String name, List<SubjectScheme> schemes) {
        putTexts(name, schemes.stream().map(SubjectScheme::wireName).toList());
    }

    /** Writes the texts, or leaves the member out if there are none. */
    void putTexts(String name, List<String> texts) {
        put(name, texts.isEmpty() ? null : texts);
    }

    /** Writes the canonical subjects, or leaves the member out if there are none. */
    void putSubjects(String name, List<Subject> subjects) {
        putTexts(name, subjects.stream().map(Subject::canonical).toList());
    }

    void putAll(Map<String, Object> members) {
        tree.putAll(members);
    }

    /**
     * Splits the sorted members at the time. Neither part is empty: the party precedes the time, and the type follows
     * it.
     */
    EntryText text() {
        String before = CanonicalJson.write(tree.headMap(TIME));
        String after = CanonicalJson.write(tree.tailMap(TIME));
        return new EntryText(
                before.substring(0, before.length() - 1) + ",\"" + TIME + "\":\"", "\"," + after.substring(1));
    }

    /** Puts the member, unless its value is null. */
    static void put(Map<String, Object> tree, String name, @Nullable Object value) {
        if (value != null) {
            tree.put(name, value);
        }
    }
}
