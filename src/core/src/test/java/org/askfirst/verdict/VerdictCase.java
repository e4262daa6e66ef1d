package org.askfirst.verdict;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.askfirst.id.PartyId;

/** One case of {@code verdicts/cases.txt}: statements, a question, and the expected answer. */
final class VerdictCase {
    private static final Pattern STATEMENT = Pattern.compile(
            "(\\d+) (\\w+) declares for the (work|spelling|account|folder|site|platform|creator)(?: \\(([^)]*)\\))?: (.+)");
    private static final Pattern QUESTION = Pattern.compile("asked ([a-z, -]+?)(?: on (\\S+))?: (\\w+)");
    private static final Map<String, Integer> SPECIFICITY = Map.of(
            "work",
            4000,
            "spelling",
            3999,
            "account",
            3000,
            "folder",
            2002,
            "site",
            1000,
            "platform",
            1000,
            "creator",
            100);
    private static final Set<String> REACHING_OTHERS = Set.of("folder", "site", "platform", "creator");
    private static final Map<String, Statement.Reach> REACH =
            Map.of("spelling", Statement.Reach.OTHER_SPELLING, "platform", Statement.Reach.SHARED_SITE);
    private static final Instant TODAY = Instant.parse("2026-11-22T09:00:00Z");

    private final String title;
    private final List<Statement> statements = new ArrayList<>();
    private final List<Use> asked = new ArrayList<>();
    private final Map<Use, Verdict> uses = new EnumMap<>(Use.class);
    private final List<String> because = new ArrayList<>();
    private Instant moment = TODAY;
    private String verdict = "";

    private VerdictCase(String title) {
        this.title = title;
    }

    /** Returns the cases in that text. */
    static List<VerdictCase> parse(String text) {
        List<VerdictCase> cases = new ArrayList<>();
        for (String line : text.lines().map(String::strip).toList()) {
            if (line.startsWith("== ")) {
                cases.add(new VerdictCase(line.substring(3)));
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                cases.get(cases.size() - 1).read(line);
            }
        }
        return cases;
    }

    private void read(String line) {
        Matcher statement = STATEMENT.matcher(line);
        Matcher question = QUESTION.matcher(line);
        if (statement.matches()) {
            statements.add(statement(statement));
        } else if (question.matches()) {
            for (String use : question.group(1).split(", ", -1)) {
                asked.add(use(use));
            }
            if (question.group(2) != null) {
                moment = Instant.parse(question.group(2) + "T00:00:00Z");
            }
            verdict = question.group(3);
        } else if (line.startsWith("uses ")) {
            for (String one : line.substring("uses ".length()).split(", ", -1)) {
                String[] parts = one.split(" ", 2);
                uses.put(use(parts[0]), verdict(parts[1]));
            }
        } else if (line.startsWith("because ")) {
            because.addAll(List.of(line.substring("because ".length())
                    .replace("no standing", "no-standing")
                    .replace("shared site", "shared-site")
                    .replace("mandate ended", "mandate-ended")
                    .replace("set aside", "set-aside")
                    .replace("other spelling", "other-spelling")
                    .split(", ", -1)));
        } else {
            throw new IllegalArgumentException("cannot be read: " + line);
        }
    }

    private static Statement statement(Matcher line) {
        int position = Integer.parseInt(line.group(1));
        String what = line.group(3);
        TreeSet<String> remarks = new TreeSet<>(
                line.group(4) == null ? List.of() : List.of(line.group(4).split(", ", -1)));
        Trust trust = Trust.ASSERTED;
        Instant from = null;
        Instant to = null;
        Control control = Control.NONE;
        if (remarks.remove("token on the page")) {
            control = Control.SHOWN;
        }
        if (remarks.remove("evidenced")) {
            control = Control.PROVED;
        }
        boolean suspended = remarks.remove("suspended");
        UUID self = number(line.group(2));
        UUID of = self;
        Instant mandatedUntil = null;
        boolean contactable = remarks.remove("can be asked");
        ContestState contest = ContestState.NONE;
        if (remarks.remove("contested")) {
            contest = contest.and(new ContestState(Instant.MAX, null, null));
        }
        if (remarks.remove("set aside")) {
            contest = contest.and(new ContestState(null, null, Instant.MIN));
        }
        for (String remark : remarks) {
            switch (remark.split(" ", 2)[0]) {
                case "vouched" -> trust = Trust.VOUCHED;
                case "verified" -> trust = Trust.VERIFIED;
                case "from" -> from = Instant.parse(remark.substring("from ".length()) + "T00:00:00Z");
                case "for" -> of = number(remark.substring("for ".length()));
                case "mandate" ->
                    mandatedUntil = Instant.parse(remark.substring("mandate until ".length()) + "T00:00:00Z");
                case "unanswered" -> contest = contest.and(unanswered(remark, false));
                case "rejected" -> contest = contest.and(unanswered(remark, true));
                case "until" -> to = Instant.parse(remark.substring("until ".length()) + "T00:00:00Z");
                default -> throw new IllegalArgumentException("cannot be read: " + remark);
            }
        }
        Map<Use, Stance> stances = new EnumMap<>(Use.class);
        for (String stated : line.group(5).split(", ", -1)) {
            String[] parts = stated.split(" ", 2);
            stances.put(use(parts[0]), Stance.named(parts[1]).orElseThrow());
        }
        return new Statement(
                new PartyId(self),
                trust,
                position,
                SPECIFICITY.getOrDefault(what, 0),
                REACHING_OTHERS.contains(what),
                REACH.getOrDefault(what, Statement.Reach.WHOLE),
                control,
                Stances.of(stances),
                contactable,
                new Period(from, to),
                new OnBehalfOf(of, suspended, of.equals(self) ? null : new Period(null, mandatedUntil)),
                contest);
    }

    /** Returns the state of a statement whose party has until that day to answer, or to show evidence. */
    private static ContestState unanswered(String remark, boolean all) {
        Instant day = Instant.parse(remark.substring(remark.lastIndexOf(' ') + 1) + "T00:00:00Z");
        return new ContestState(day, all ? null : day, all ? day : null);
    }

    private static UUID number(String name) {
        return new UUID(1, name.hashCode());
    }

    private static Use use(String name) {
        return Use.named(name).orElseThrow(() -> new IllegalArgumentException("not a use: " + name));
    }

    private static Verdict verdict(String name) {
        for (Verdict verdict : Verdict.values()) {
            if (verdict.wireName().equals(name)) {
                return verdict;
            }
        }
        throw new IllegalArgumentException("not a verdict: " + name);
    }

    String title() {
        return title;
    }

    /** Returns the expected answer, in the form of {@link #actual}. */
    String expected() {
        verdict(verdict);
        return verdict + (uses.isEmpty() ? "" : " " + uses) + " because " + because;
    }

    /** Returns the computed answer, in the form of {@link #expected}. */
    String actual() {
        Verdicts verdicts = Verdicts.of(statements, asked, moment);
        Map<Long, String> outcomes = new LinkedHashMap<>();
        for (Verdicts.Assessment assessment : verdicts.assessments()) {
            String outcome = switch (assessment.outcome()) {
                case APPLIED -> assessment.decides() ? "decides" : "applied";
                case OUTRANKED -> "outranked";
                case NO_STANDING -> "no-standing";
                case OTHER_SPELLING -> "other-spelling";
                case SHARED_SITE -> "shared-site";
                case SUSPENDED -> "suspended";
                case MANDATE_ENDED -> "mandate-ended";
                case SET_ASIDE -> "set-aside";
                case PENDING -> "pending";
            };
            outcomes.put(assessment.statement().position(), outcome);
        }
        List<String> listed = new ArrayList<>();
        outcomes.forEach((position, outcome) -> listed.add(position + " " + outcome));
        return verdicts.verdict().wireName() + (uses.isEmpty() ? "" : " " + verdicts.uses()) + " because " + listed;
    }
}
