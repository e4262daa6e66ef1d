package org.askfirst.subject.internal.scheme;

import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.subject.internal.text.Refusal;
import org.askfirst.subject.internal.web.Hosts;

/** Refuses what may be asked for but not declared. */
final class Declarability {
    private Declarability() {}

    /** Refuses a canonical host that cannot exist. */
    static void requireHost(String host) {
        if (!Hosts.canExist(host)) {
            throw undeclarable("no host can have the name " + Refusal.quote(host));
        }
    }

    static ProblemException undeclarable(String why) {
        return Problem.UNDECLARABLE_SUBJECT.because("It cannot be declared: " + why + ".");
    }
}
