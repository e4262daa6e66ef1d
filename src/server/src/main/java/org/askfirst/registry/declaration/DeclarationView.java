package org.askfirst.registry.declaration;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.askfirst.entry.Content;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.PartyId;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.measure.Measures;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.statement.DeclarationState;
import org.askfirst.registry.transparency.Receipt;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.ContestState;
import org.askfirst.verdict.Stance;
import org.jspecify.annotations.Nullable;

/** {@code Declaration}: the state of a declaration. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DeclarationView(
        String id,
        String status,
        String party,
        long position,
        long firstPosition,
        Instant recordedAt,
        List<String> subjects,
        List<String> pending,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> contested,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> setAside,
        Map<String, String> stances,
        @Nullable TermsView terms,
        @Nullable Instant validFrom,
        @Nullable Instant validTo,
        @Nullable WorkView work,
        @Nullable String mandate,
        @Nullable MarketView market,
        @Nullable RepertoireView repertoire,
        @Nullable String reference,
        @Nullable String textsHidden,
        Receipt receipt) {
    /** {@code Work}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record WorkView(
            String title,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> creators,
            @Nullable String kind) {}

    /**
     * {@code Repertoire}.
     *
     * @param title null if it was erased
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RepertoireView(@Nullable String title, long listedCount) {}

    /** Returns the title, or the first subject of a declaration without one. */
    public String heading() {
        if (work != null) {
            return work.title();
        }
        String title = repertoire == null ? null : repertoire.title();
        if (title != null) {
            return title;
        }
        return subjects.isEmpty() ? id : subjects.get(0);
    }

    /**
     * Returns the view as others see it: a form may take the place of the contact, and who has seen too many contacts gets
     * the address of the certificate instead.
     *
     * @param owner the party that declares
     * @param face null if the party is erased
     * @param sees the contacts that the reader may see
     */
    DeclarationView published(PartyId owner, Parties.@Nullable Face face, String origin, Predicate<String> sees) {
        if (terms == null || terms.contact() == null) {
            return this;
        }
        String shown = face == null ? null : face.published(owner, terms.contact(), origin);
        return withContact(shown == null || sees.test(shown) ? shown : origin + "/d/" + id);
    }

    /** Returns the same view with another contact in the terms. */
    private DeclarationView withContact(@Nullable String contact) {
        return new DeclarationView(
                id,
                status,
                party,
                position,
                firstPosition,
                recordedAt,
                subjects,
                pending,
                contested,
                setAside,
                stances,
                terms == null ? null : terms.withContact(contact),
                validFrom,
                validTo,
                work,
                mandate,
                market,
                repertoire,
                reference,
                textsHidden,
                receipt);
    }

    /**
     * Returns the view of a declaration.
     *
     * @param own true if the reader is its party, which sees what is hidden from others
     */
    static DeclarationView of(
            DeclarationState declaration,
            List<Subject> pending,
            Map<Subject, ContestState> contests,
            Map<DeclarationId, Long> listedCounts,
            @Nullable String reference,
            Receipt receipt,
            Measures measures,
            boolean own,
            Instant now) {
        DeclarationId id = declaration.id();
        Content content = own ? declaration.content() : measures.shown(id, declaration.content());
        Function<Subject, String> text = own ? Subject::canonical : measures::shown;
        LedgerEntry latest = declaration.latest();
        return new DeclarationView(
                id.toString(),
                declaration.statusAt(now).wireName(),
                declaration.party().toString(),
                latest.position(),
                declaration.declaredAt(),
                latest.recordedAt(),
                content.subjects().stream().map(text).toList(),
                pending.stream().map(text).toList(),
                those(content, contests, text, state -> state.isContestedAt(now)),
                those(content, contests, text, state -> state.isSetAside(Stance.RESERVED, now)),
                content.stances().toWire(),
                TermsView.of(content.terms()),
                content.period().from(),
                content.period().to(),
                content.work() == null
                        ? null
                        : new WorkView(
                                content.work().title(),
                                content.work().creators(),
                                content.work().kind()),
                content.mandate() == null ? null : content.mandate().toString(),
                MarketView.of(content.market()),
                content.repertoire() == null
                        ? null
                        : new RepertoireView(content.repertoire().title(), listedCounts.getOrDefault(id, 0L)),
                reference,
                measures.hidesTexts(id),
                receipt);
    }

    private static List<String> those(
            Content content,
            Map<Subject, ContestState> contests,
            Function<Subject, String> text,
            Predicate<ContestState> which) {
        return content.subjects().stream()
                .filter(subject -> which.test(contests.getOrDefault(subject, ContestState.NONE)))
                .map(text)
                .toList();
    }
}
