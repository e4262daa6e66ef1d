package org.askfirst.registry.declaration;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.askfirst.entry.Content;
import org.askfirst.id.DeclarationId;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.statement.DeclarationState;
import org.askfirst.registry.transparency.Receipt;
import org.askfirst.subject.Subject;
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
        Map<String, String> stances,
        @Nullable TermsView terms,
        @Nullable Instant validFrom,
        @Nullable Instant validTo,
        @Nullable WorkView work,
        @Nullable String mandate,
        @Nullable MarketView market,
        @Nullable RepertoireView repertoire,
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

    static DeclarationView of(
            DeclarationState declaration,
            List<Subject> pending,
            Map<DeclarationId, Long> listedCounts,
            Receipt receipt,
            Instant now) {
        Content content = declaration.content();
        LedgerEntry latest = declaration.latest();
        return new DeclarationView(
                declaration.id().toString(),
                declaration.statusAt(now).wireName(),
                declaration.party().toString(),
                latest.position(),
                declaration.declaredAt(),
                latest.recordedAt(),
                content.subjects().stream().map(Subject::canonical).toList(),
                pending.stream().map(Subject::canonical).toList(),
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
                        : new RepertoireView(
                                content.repertoire().title(), listedCounts.getOrDefault(declaration.id(), 0L)),
                receipt);
    }
}
