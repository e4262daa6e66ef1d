package org.askfirst.verdict;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.askfirst.id.PartyId;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectKey;
import org.jspecify.annotations.Nullable;

/**
 * The subjects with known answers, for tests of clients. Every registry answers them alike, at every position, and has
 * no entry about them. {@code docs/sandbox.md} describes them.
 *
 * <p>Each is a host below {@link Subject#TEST_DOMAIN}, with all its addresses. An answer about one is marked as a test.
 * A test subject is refused beside any other subject. Otherwise somebody could add {@code allow} to the subjects of a
 * real work.
 */
@SuppressWarnings("ImmutableEnumChecker") // The fields are never changed.
public enum TestSubject {
    /** Everything is permitted. */
    ALLOW("allow", Map.of(Use.TEXT_AND_DATA_MINING, Stance.PERMITTED, Use.SEARCH_INDEXING, Stance.PERMITTED)),
    /** Everything is reserved, and nobody can be asked. */
    DENY("deny", Map.of(Use.TEXT_AND_DATA_MINING, Stance.RESERVED, Use.SEARCH_INDEXING, Stance.RESERVED)),
    /** Everything is reserved, and somebody can be asked. */
    ASK("ask", Map.of(Use.TEXT_AND_DATA_MINING, Stance.RESERVED, Use.SEARCH_INDEXING, Stance.RESERVED)),
    /** Everything is permitted with terms. */
    TERMS(
            "terms",
            Map.of(
                    Use.TEXT_AND_DATA_MINING,
                    Stance.PERMITTED_WITH_TERMS,
                    Use.SEARCH_INDEXING,
                    Stance.PERMITTED_WITH_TERMS)),
    /** Generative training is reserved, and all other uses are permitted. */
    MIXED(
            "mixed",
            Map.of(
                    Use.TEXT_AND_DATA_MINING,
                    Stance.PERMITTED,
                    Use.GENERATIVE_AI_TRAINING,
                    Stance.RESERVED,
                    Use.SEARCH_INDEXING,
                    Stance.PERMITTED)),
    /** Nothing is declared. So it is with every other host of the domain. */
    UNKNOWN("unknown", Map.of()),
    /** The registry cannot answer. */
    UNAVAILABLE("unavailable", Map.of()),
    /** The quota is used up. */
    TOO_MANY_REQUESTS("too-many-requests", Map.of());

    private static final PartyId PARTY = new PartyId(new UUID(0, 0));

    private final String label;
    private final Map<Use, Stance> stances;
    private final Subject domain;
    private final SubjectKey key;

    TestSubject(String label, Map<Use, Stance> stances) {
        this.label = label;
        this.stances = stances;
        this.domain = Subject.parse("domain:" + label + "." + Subject.TEST_DOMAIN);
        this.key = domain.key();
    }

    /** Returns the first test subject among the names of a work; null if none of them is one. */
    public static @Nullable TestSubject among(List<Subject> subjects) {
        for (Subject subject : subjects) {
            TestSubject test = of(subject);
            if (test != null) {
                return test;
            }
        }
        return null;
    }

    /** Returns true if all names of a work are of this test subject. */
    public boolean isAllOf(List<Subject> subjects) {
        return subjects.stream().allMatch(subject -> this == of(subject));
    }

    private static @Nullable TestSubject of(Subject subject) {
        String host = subject.testHost();
        if (host == null) {
            return null;
        }
        for (TestSubject test : values()) {
            if (host.equals(test.domain.value()) || host.endsWith("." + test.domain.value())) {
                return test;
            }
        }
        return UNKNOWN;
    }

    /** Returns the party that makes the statement. It is not in the ledger. */
    public static PartyId party() {
        return PARTY;
    }

    /** Returns the test subjects about which there is a statement and whose keys begin with these digits. */
    public static List<TestSubject> withKeyPrefix(String prefix) {
        List<TestSubject> found = new ArrayList<>();
        for (TestSubject test : values()) {
            if (!test.stances.isEmpty() && test.key.hex().startsWith(prefix)) {
                found.add(test);
            }
        }
        return found;
    }

    /** Returns the subject with the statement. */
    public Subject domain() {
        return domain;
    }

    /** Returns the key under which the statement is found. */
    public SubjectKey key() {
        return key;
    }

    /** Returns the stances of the statement. */
    public Stances stances() {
        return Stances.of(stances);
    }

    /** Returns true if the statement names somebody who can be asked. */
    public boolean isContactable() {
        return this == ASK || this == TERMS;
    }

    /** Returns true if the answer is a failure of the registry. */
    public boolean isFailure() {
        return this == UNAVAILABLE || this == TOO_MANY_REQUESTS;
    }

    /** Returns the verdicts for the uses at that moment. */
    public Verdicts verdicts(Collection<Use> uses, Instant moment) {
        if (stances.isEmpty()) {
            return Verdicts.of(List.of(), uses, moment);
        }
        Statement statement = new Statement(
                PARTY,
                Trust.ASSERTED,
                0,
                0,
                true,
                Statement.Reach.WHOLE,
                Control.PROVED,
                stances(),
                isContactable(),
                Period.ALWAYS,
                OnBehalfOf.of(PARTY));
        return Verdicts.of(List.of(statement), uses, moment);
    }

    @Override
    public String toString() {
        return label;
    }
}
