package org.askfirst.entry;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.askfirst.id.MandateId;
import org.askfirst.json.CanonicalJson;
import org.askfirst.subject.Sha256;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Stances;
import org.jspecify.annotations.Nullable;

/**
 * What a declaration says: of which subjects, what, on what terms, for how long.
 *
 * @param subjects canonical, each once, in the order given
 * @param stances what is said of each use
 * @param terms {@link Terms#NONE} if none are given
 * @param period {@link Period#ALWAYS} if none is given
 * @param work null if it is not named
 * @param mandate under which it is said for somebody else; null if the party says it for itself
 * @param market where licences are traded; null if nothing is said of that
 * @param repertoire that it speaks of what is listed under it, and names no subjects; null if it names them
 */
public record Content(
        List<Subject> subjects,
        Stances stances,
        Terms terms,
        Period period,
        @Nullable Work work,
        @Nullable MandateId mandate,
        @Nullable Market market,
        @Nullable Repertoire repertoire) {
    public Content {
        subjects = subjects.stream().distinct().toList();
    }

    /** What a party says for itself. */
    public Content(List<Subject> subjects, Stances stances, Terms terms, Period period, @Nullable Work work) {
        this(subjects, stances, terms, period, work, null, null);
    }

    /** What names its subjects. */
    public Content(
            List<Subject> subjects,
            Stances stances,
            Terms terms,
            Period period,
            @Nullable Work work,
            @Nullable MandateId mandate,
            @Nullable Market market) {
        this(subjects, stances, terms, period, work, mandate, market, null);
    }

    /** What of it may stand in the ledger for ever. */
    Content withoutConfidential() {
        return new Content(
                subjects,
                stances,
                terms.withoutConfidential(),
                period,
                null,
                mandate,
                market == null ? null : market.withoutConfidential(),
                repertoire == null ? null : repertoire.withoutConfidential());
    }

    /** This, which came from the ledger, with what is kept beside it. */
    Content with(Confidential confidential) {
        return new Content(
                subjects,
                stances,
                terms.with(confidential),
                period,
                confidential.work(),
                mandate,
                market == null ? null : market.with(confidential.licensors()),
                repertoire == null ? null : new Repertoire(confidential.repertoire()));
    }

    /** The same about other subjects. */
    public Content about(List<Subject> others) {
        return new Content(others, stances, terms, period, work, mandate, market, repertoire);
    }

    /** The same of a repertoire that is called so. */
    public Content under(@Nullable Repertoire other) {
        return new Content(subjects, stances, terms, period, work, mandate, market, other);
    }

    byte[] fingerprint() {
        Map<String, Object> all = new LinkedHashMap<>(ContentForm.write(this));
        Optional<Confidential> confidential = Confidential.of(this);
        confidential.ifPresent(part -> all.put("confidential", part.toTree()));
        return Sha256.of(CanonicalJson.write(all));
    }
}
