package org.askfirst.registry.lookup;

import java.util.List;
import java.util.UUID;
import org.askfirst.id.DeclarationId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.askfirst.registry.declaration.TermsView;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.TestSubject;
import org.askfirst.verdict.Verdicts;
import org.jspecify.annotations.Nullable;

/** The parts of answers about {@linkplain TestSubject test subjects} that only the service has. */
final class TestAnswers {
    private static final String PARTY_NAME = "Ask First test party";
    private static final String CONTACT = "mailto:test@" + Subject.TEST_DOMAIN;
    private static final TermsView LICENSE = new TermsView(
            CONTACT, "https://" + Subject.TEST_DOMAIN + "/license", null, null, null, null, List.of(), List.of(), null);

    private TestAnswers() {}

    /**
     * Returns the test subject that the subjects name; null if none of them is one.
     *
     * @throws ProblemException if they name another subject too
     */
    static @Nullable TestSubject of(List<Subject> subjects) {
        TestSubject test = TestSubject.among(subjects);
        if (test != null && !test.isAllOf(subjects)) {
            throw Problem.INVALID_REQUEST.at(
                    "/subjects",
                    Reason.CONFLICT,
                    "ask about a test subject alone: an address below " + Subject.TEST_DOMAIN + " is no real work");
        }
        return test;
    }

    /** Returns the problem that is the answer; null if there is a verdict. */
    static @Nullable ProblemException problem(TestSubject test) {
        return switch (test) {
            case UNAVAILABLE -> Problem.UNAVAILABLE.because("This is a test: the subject is always answered so");
            case TOO_MANY_REQUESTS ->
                Problem.TOO_MANY_REQUESTS.because("This is a test: the subject is always answered so");
            default -> null;
        };
    }

    /** Returns the statements of an answer with these verdicts: one at most. */
    @SuppressWarnings("EnumOrdinal") // The ids are only examples.
    static List<Answer.AnswerStatement> statements(TestSubject test, Verdicts verdicts) {
        return verdicts.assessments().stream()
                .map(finding -> new Answer.AnswerStatement(
                        new DeclarationId(new UUID(0, test.ordinal())).toString(),
                        test.domain().canonical(),
                        TestSubject.party().toString(),
                        PARTY_NAME,
                        finding.statement().trustHere().wireName(),
                        finding.statement().evidenced(),
                        finding.stance().wireName(),
                        true,
                        null,
                        null,
                        null,
                        test.isContactable() ? CONTACT : null,
                        test.isContactable() ? true : null,
                        test == TestSubject.TERMS ? LICENSE : null,
                        null,
                        null,
                        null,
                        null,
                        0))
                .toList();
    }
}
