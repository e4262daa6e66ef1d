package org.askfirst.client;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.json.CanonicalJson;
import org.askfirst.subject.Sha256;
import org.askfirst.subject.SubjectScheme;
import org.askfirst.verdict.Contact;
import org.askfirst.verdict.Contest;
import org.askfirst.verdict.Control;
import org.askfirst.verdict.MandateTerm;
import org.askfirst.verdict.PartyState;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Stance;
import org.askfirst.verdict.Stances;
import org.askfirst.verdict.StatementTerms;
import org.askfirst.verdict.Use;
import org.askfirst.verdict.Verdicts;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a range call: everything under the keys with a common prefix. The format is {@code docs/formats/range.md}.
 *
 * @param log the name of the log of the registry; empty if it does not say it
 * @param since the position at which this content was first seen
 * @param position the position of the ledger for which it is true
 * @param until the time until which it may be kept, in nanoseconds of the clock of the one who asked
 * @param bytes the length of the answer
 * @param content the SHA-256 of the answer
 * @param keys what is in force under each key, by its hexadecimal digits
 * @param states the states of parties
 * @param mandates the mandates
 */
record RangeAnswer(
        String log,
        long since,
        long position,
        long until,
        int bytes,
        String content,
        Map<String, Found> keys,
        Map<PartyId, PartyState> states,
        Map<MandateId, MandateTerm> mandates) {
    private static final long SECOND = 1_000_000_000L;
    private static final long MOST_SECONDS = 60;
    private static final Pattern MAX_AGE = Pattern.compile("(?:^|[ ,])max-age=(\\d{1,6})(?:$|[ ,])");

    /** Everything in force under one key. */
    record Found(List<Stated> statements, List<Proof> proofs, List<Contested> contests) {
        static final Found NOTHING = new Found(List.of(), List.of(), List.of());
    }

    /**
     * A statement.
     *
     * @param otherSubject true if the declared subject is not the one that the key hashes
     * @param repertoire the repertoire that lists the subject; empty if the declaration names it
     */
    record Stated(StatementTerms terms, boolean otherSubject, String repertoire) {}

    /**
     * A proof of control.
     *
     * @param by the body on whose word it rests; null if it rests on nobody's
     */
    record Proof(PartyId party, Control control, @Nullable PartyId by) {}

    /** A contest. */
    record Contested(Contest contest, boolean otherSubject) {}

    /**
     * Reads an answer.
     *
     * @param prefix the prefix that was asked for
     * @param askedAt the time before the call, in nanoseconds
     * @throws IllegalArgumentException if it is incomplete, about something else, or for rules that are not known
     */
    static RangeAnswer read(String prefix, long askedAt, HttpHeaders headers, String json) {
        Map<?, ?> answer = CanonicalJson.parseObject(json);
        if (!prefix.equals(answer.get("prefix")) || number(answer, "rules") != Verdicts.RULES) {
            throw new IllegalArgumentException("the answer is about something else, or for other rules");
        }
        Map<String, Found> keys = new HashMap<>();
        for (Map<?, ?> key : objects(answer, "keys", true)) {
            // The subjects for tests of clients are no works, and no filter has them.
            if (!isTrue(key, "test")) {
                keys.put(text(key, "key"), found(key));
            }
        }
        Map<PartyId, PartyState> states = new HashMap<>();
        for (Map<?, ?> party : objects(answer, "parties", true)) {
            states.put(party(party, "party"), state(party));
        }
        Map<MandateId, MandateTerm> mandates = new HashMap<>();
        for (Map<?, ?> mandate : objects(answer, "mandates", true)) {
            mandates.put(
                    id(mandate, "id", MandateId::parse),
                    new MandateTerm(
                            party(mandate, "society"),
                            mandate.containsKey("member") ? party(mandate, "member") : null,
                            period(mandate)));
        }
        String position = headers.firstValue("Askfirst-Position").orElse("");
        if (!position.matches("\\d{1,18}")) {
            throw new IllegalArgumentException("the answer has no position");
        }
        return new RangeAnswer(
                headers.firstValue("Askfirst-Log").orElse(""),
                Long.parseLong(position),
                Long.parseLong(position),
                askedAt + keep(headers) * SECOND,
                json.length(),
                HexFormat.of().formatHex(Sha256.of(json)),
                keys,
                states,
                mandates);
    }

    /** Returns this answer, which holds since the older one if both have the same content. */
    RangeAnswer after(@Nullable RangeAnswer older) {
        return older == null || !older.content.equals(content) || !older.log.equals(log) || older.since > since
                ? this
                : new RangeAnswer(log, older.since, position, until, bytes, content, keys, states, mandates);
    }

    /** Returns the number of seconds for which the answer may be kept. */
    private static long keep(HttpHeaders headers) {
        String control = String.join(", ", headers.allValues("Cache-Control"));
        Matcher age = MAX_AGE.matcher(control);
        String spent = headers.firstValue("Age").orElse("0");
        if (control.contains("no-store") || control.contains("no-cache") || !age.find() || !spent.matches("\\d{1,9}")) {
            return 0;
        }
        return Math.max(0, Math.min(MOST_SECONDS, Long.parseLong(age.group(1)) - Long.parseLong(spent)));
    }

    private static Found found(Map<?, ?> key) {
        List<Stated> statements = new ArrayList<>();
        for (Map<?, ?> one : objects(key, "statements", false)) {
            if (!(one.get("contactable") instanceof Boolean contactable)) {
                throw new IllegalArgumentException("a statement does not say if somebody can be asked");
            }
            StatementTerms terms = new StatementTerms(
                    party(one, "party"),
                    number(one, "position"),
                    stances(one),
                    // The answer has decided already if somebody can be asked.
                    contactable ? Contact.LICENSE : Contact.NONE,
                    period(one),
                    one.containsKey("mandate") ? id(one, "mandate", MandateId::parse) : null);
            statements.add(new Stated(
                    terms, isTrue(one, "otherSubject"), one.containsKey("repertoire") ? text(one, "repertoire") : ""));
        }
        List<Proof> proofs = new ArrayList<>();
        for (Map<?, ?> one : objects(key, "controls", false)) {
            Control control = switch (text(one, "control")) {
                case "shown" -> Control.SHOWN;
                case "proved" -> Control.PROVED;
                default -> throw new IllegalArgumentException("a proof has an unknown strength");
            };
            proofs.add(new Proof(party(one, "party"), control, one.containsKey("by") ? party(one, "by") : null));
        }
        List<Contested> contests = new ArrayList<>();
        for (Map<?, ?> one : objects(key, "contests", false)) {
            contests.add(new Contested(
                    new Contest(
                            id(one, "kind", Contest.Kind::named),
                            party(one, "party"),
                            one.containsKey("by") ? party(one, "by") : null,
                            number(one, "position"),
                            moment(one, "endsAt"),
                            moment(one, "lapsesAt")),
                    isTrue(one, "otherSubject")));
        }
        return new Found(statements, proofs, contests);
    }

    private static Stances stances(Map<?, ?> statement) {
        if (!(statement.get("stances") instanceof Map<?, ?> members) || members.isEmpty()) {
            throw new IllegalArgumentException("a statement has no stances");
        }
        Map<Use, Stance> stances = new EnumMap<>(Use.class);
        for (Object use : members.keySet()) {
            stances.put(
                    Use.named(String.valueOf(use))
                            .orElseThrow(() -> new IllegalArgumentException("a statement has an unknown use")),
                    id(members, String.valueOf(use), Stance::named));
        }
        return Stances.of(stances);
    }

    private static PartyState state(Map<?, ?> party) {
        Set<SubjectScheme> schemes = EnumSet.noneOf(SubjectScheme.class);
        if (party.get("vouchableSchemes") instanceof List<?> names) {
            // No asked subject has a scheme that is not known.
            names.forEach(name -> SubjectScheme.named(String.valueOf(name)).ifPresent(schemes::add));
        }
        List<PartyId> bodies = new ArrayList<>();
        if (party.get("vouchedBy") instanceof List<?> ids) {
            ids.forEach(id -> PartyId.parse(String.valueOf(id)).ifPresent(bodies::add));
        }
        return new PartyState(
                isTrue(party, "erased"), isTrue(party, "verified"), isTrue(party, "suspended"), schemes, bodies);
    }

    private static Period period(Map<?, ?> tree) {
        return new Period(moment(tree, "validFrom"), moment(tree, "validTo"));
    }

    private static List<Map<?, ?>> objects(Map<?, ?> tree, String member, boolean isRequired) {
        Object list = tree.get(member);
        if (list == null && !isRequired) {
            return List.of();
        }
        if (!(list instanceof List<?> elements)) {
            throw new IllegalArgumentException("the answer lacks " + member);
        }
        List<Map<?, ?>> objects = new ArrayList<>();
        for (Object element : elements) {
            if (!(element instanceof Map<?, ?> object)) {
                throw new IllegalArgumentException("an element of " + member + " is not an object");
            }
            objects.add(object);
        }
        return objects;
    }

    private static boolean isTrue(Map<?, ?> tree, String member) {
        return Boolean.TRUE.equals(tree.get(member));
    }

    private static long number(Map<?, ?> tree, String member) {
        if (tree.get(member) instanceof Long number) {
            return number;
        }
        throw new IllegalArgumentException("the answer lacks the number " + member);
    }

    private static String text(Map<?, ?> tree, String member) {
        if (tree.get(member) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("the answer lacks the text " + member);
    }

    private static PartyId party(Map<?, ?> tree, String member) {
        return id(tree, member, PartyId::parse);
    }

    private static <T> T id(Map<?, ?> tree, String member, Function<String, Optional<T>> parse) {
        return parse.apply(text(tree, member))
                .orElseThrow(() -> new IllegalArgumentException("the answer has an unreadable " + member));
    }

    private static @Nullable Instant moment(Map<?, ?> tree, String member) {
        if (!tree.containsKey(member)) {
            return null;
        }
        try {
            return Instant.parse(text(tree, member));
        } catch (DateTimeException none) {
            throw new IllegalArgumentException("the answer has no time in " + member, none);
        }
    }
}
