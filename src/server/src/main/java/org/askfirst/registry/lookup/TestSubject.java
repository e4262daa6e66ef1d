package org.askfirst.registry.lookup;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.askfirst.registry.declaration.TermsView;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectKey;
import org.askfirst.verdict.Control;
import org.askfirst.verdict.OnBehalfOf;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Stance;
import org.askfirst.verdict.Stances;
import org.askfirst.verdict.Statement;
import org.askfirst.verdict.Trust;
import org.askfirst.verdict.Use;
import org.askfirst.verdict.Verdicts;
import org.jspecify.annotations.Nullable;

/**
 * The subjects with known answers, for tests of clients. Every registry answers them alike, at every position, and has
 * no entry about them. {@code docs/sandbox.md} describes them.
 *
 * <p>Each is a host below {@link Subject#TEST_DOMAIN}, with all its addresses. An answer about one is marked as a test.
 * A test subject is refused beside any other subject. Otherwise somebody could add {@code allow} to the subjects of a
 * real work.
 */
@SuppressWarnings({"EnumOrdinal", "ImmutableEnumChecker"}) // The fields are never changed; the ids are only examples.
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
    private static final String PARTY_NAME = "Ask First test party";
    private static final String CONTACT = "mailto:test@" + Subject.TEST_DOMAIN;
    private static final TermsView LICENSE = new TermsView(
            CONTACT, "https://" + Subject.TEST_DOMAIN + "/license", null, null, null, null, List.of(), List.of(), null);

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

    /**
     * Returns the test subject that the subjects name; null if none of them is one.
     *
     * @throws ProblemException if they name another subject too
     */
    static @Nullable TestSubject of(List<Subject> subjects) {
        TestSubject found = null;
        int others = 0;
        for (Subject subject : subjects) {
            String host = subject.testHost();
            TestSubject test = host == null ? null : at(host);
            if (test == null || (found != null && found != test)) {
                others++;
            } else {
                found = test;
            }
        }
        if (found != null && others > 0) {
            throw Problem.INVALID_REQUEST.at(
                    "/subjects",
                    Reason.CONFLICT,
                    "ask about a test subject alone: an address below " + Subject.TEST_DOMAIN + " is no real work");
        }
        return found;
    }

    private static TestSubject at(String host) {
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

    /** Returns the problem that is the answer; null if there is a verdict. */
    @Nullable ProblemException problem() {
        return switch (this) {
            case UNAVAILABLE -> Problem.UNAVAILABLE.because("This is a test: the subject is always answered so");
            case TOO_MANY_REQUESTS ->
                Problem.TOO_MANY_REQUESTS.because("This is a test: the subject is always answered so");
            default -> null;
        };
    }

    Verdicts verdicts(Question question, Instant moment) {
        if (stances.isEmpty()) {
            return Verdicts.of(List.of(), question.uses(), moment);
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
        return Verdicts.of(List.of(statement), question.uses(), moment);
    }

    /** Returns the statements of an answer with these verdicts: one at most. */
    List<Answer.AnswerStatement> statements(Verdicts verdicts) {
        return verdicts.assessments().stream()
                .map(finding -> new Answer.AnswerStatement(
                        new DeclarationId(new UUID(0, ordinal())).toString(),
                        domain.canonical(),
                        PARTY.toString(),
                        PARTY_NAME,
                        finding.statement().trustHere().wireName(),
                        finding.statement().evidenced(),
                        finding.stance().wireName(),
                        true,
                        null,
                        null,
                        null,
                        isContactable() ? CONTACT : null,
                        isContactable() ? true : null,
                        this == TERMS ? LICENSE : null,
                        null,
                        null,
                        null,
                        null,
                        0))
                .toList();
    }

    @Override
    public String toString() {
        return label;
    }
}
