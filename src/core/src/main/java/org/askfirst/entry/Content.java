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
 * The content of a declaration: its subjects, stances, terms and period.
 *
 * @param subjects the canonical subjects in the given order, without repetitions
 * @param stances the stances on uses
 * @param terms the terms; {@link Terms#NONE} if none are given
 * @param period the time in which the declaration is in force; {@link Period#ALWAYS} if none is given
 * @param work the work's title and creators; null if not given
 * @param mandate the mandate under which the party declares for a member; null if it declares for itself
 * @param market the evidence of a licensing market; null if none is given
 * @param repertoire the repertoire if the declaration applies to the subjects on a list; null if the declaration
 *     contains its subjects
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

    /** Creates the content of a declaration that a party makes for itself. */
    public Content(List<Subject> subjects, Stances stances, Terms terms, Period period, @Nullable Work work) {
        this(subjects, stances, terms, period, work, null, null);
    }

    /** Creates the content of a declaration that contains its subjects and therefore has no repertoire. */
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

    /** Returns the content without its confidential part, as the ledger stores it. */
    public Content withoutConfidential() {
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

    /** Returns a copy of this content, which was read from the ledger, with the confidential part added. */
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

    /** Returns the same content with other subjects. */
    public Content withSubjects(List<Subject> others) {
        return new Content(others, stances, terms, period, work, mandate, market, repertoire);
    }

    /** Returns the same content with another repertoire. */
    public Content withRepertoire(@Nullable Repertoire other) {
        return new Content(subjects, stances, terms, period, work, mandate, market, other);
    }

    /** Returns the SHA-256 (32 bytes) of the canonical JSON of the content with its confidential part. */
    byte[] fingerprint() {
        Map<String, Object> all = new LinkedHashMap<>(ContentCodec.write(this));
        Optional<Confidential> confidential = Confidential.of(this);
        confidential.ifPresent(confidentialPart -> all.put("confidential", confidentialPart.toTree()));
        return Sha256.of(CanonicalJson.write(all));
    }
}
