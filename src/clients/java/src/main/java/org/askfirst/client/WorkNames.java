package org.askfirst.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.askfirst.problem.ProblemException;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectScheme;

/** Reads the names of works as a crawler has them: addresses, subjects, and bare numbers such as an ISBN. */
public final class WorkNames {
    private WorkNames() {}

    /** Returns the subjects; none if one of them cannot be read, because then the work is not known. */
    public static List<Subject> read(List<String> texts) {
        List<Subject> subjects = new ArrayList<>(texts.size());
        try {
            for (String text : texts) {
                subjects.add(read(text.strip()));
            }
            return subjects;
        } catch (ProblemException unreadable) {
            return List.of();
        }
    }

    /**
     * Returns the subject of a name. An address stays that address, also if it is the page of an account: what is
     * declared about the account is found too, and so is what is declared about the page alone.
     */
    private static Subject read(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.startsWith("http://") || lower.startsWith("https://")) {
            return Subject.parse("url:" + text);
        }
        int colon = text.indexOf(':');
        if (colon > 0 && SubjectScheme.named(lower.substring(0, colon)).isPresent()) {
            return Subject.parse(text);
        }
        Subject recognised = Subject.recognise(text);
        return recognised.scheme() == SubjectScheme.ACCOUNT && text.indexOf('/') > 0
                ? Subject.parse("url:https://" + text)
                : recognised;
    }
}
