package org.askfirst.subject.internal.scheme;

import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.askfirst.subject.internal.text.Refusal;
import org.askfirst.subject.internal.web.Hosts;

/** Refuses subjects that may be asked and not declared. */
final class Declarability {
    private Declarability() {}

    /** Refuses a canonical host that cannot exist. */
    static void requireHost(String host) {
        if (!Hosts.canExist(host)) {
            throw undeclarable(Reason.IMPOSSIBLE_HOST, "no host can have the name " + Refusal.quote(host));
        }
    }

    static ProblemException undeclarable(Reason reason, String why) {
        return Problem.UNDECLARABLE_SUBJECT.at("", reason, "It cannot be declared: " + why + ".");
    }
}
