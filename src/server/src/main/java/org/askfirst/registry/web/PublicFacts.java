package org.askfirst.registry.web;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.control.ActivateRequestContext;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.askfirst.entry.Content;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.account.PublicParties;
import org.askfirst.registry.declaration.DeclarationPages;
import org.askfirst.registry.declaration.DeclarationView;
import org.askfirst.registry.declaration.Declarations;
import org.askfirst.registry.lookup.DeclarationAnswers;
import org.askfirst.registry.measure.Measures;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.statement.DeclarationState;
import org.askfirst.subject.Subject;
import org.jspecify.annotations.Nullable;

/**
 * The facts that the server writes into the page of a declaration or a party. Each takes one lookup by id, and the name of
 * its party. For a declaration in force, its subjects are looked up too. The API shows the same to everybody.
 * No contact is among them.
 */
@ApplicationScoped
class PublicFacts {
    private static final String SHOWN = "20";

    private final Declarations declarations;
    private final Parties parties;
    private final Measures measures;
    private final DeclarationAnswers answers;
    private final Clock clock;
    private final PublicParties publicParties;
    private final DeclarationPages pages;

    PublicFacts(
            Declarations declarations,
            Parties parties,
            Measures measures,
            DeclarationAnswers answers,
            Clock clock,
            PublicParties publicParties,
            DeclarationPages pages) {
        this.answers = answers;
        this.publicParties = publicParties;
        this.pages = pages;
        this.declarations = declarations;
        this.parties = parties;
        this.measures = measures;
        this.clock = clock;
    }

    /**
     * A declaration, as its page shows it at first.
     *
     * @param content what it states, without the texts that the operator hides
     * @param subjects the texts of its subjects; one that the operator hides has its key instead
     * @param status its status now
     * @param partyName the name that the party gave itself; null if it was erased or is hidden
     * @param answers what a lookup of its subjects answers now; null if it is not in force, if it has no subjects, or if
     *     the lookup index may be stale
     * @param canBeAsked true if somebody can be asked for a permission
     */
    record Declared(
            DeclarationState state,
            Content content,
            List<String> subjects,
            DeclarationState.Status status,
            @Nullable String partyName,
            DeclarationAnswers.@Nullable Current answers,
            boolean canBeAsked) {
        /** Returns the title that the party gave; empty if it gave none, or if it was erased or is hidden. */
        Optional<String> title() {
            if (content.work() != null) {
                return Optional.of(content.work().title());
            }
            return Optional.ofNullable(content.repertoire())
                    .flatMap(repertoire -> Optional.ofNullable(repertoire.title()));
        }
    }

    /** Returns the declaration; empty if there is none with this id. */
    @ActivateRequestContext
    Optional<Declared> declaration(String id) throws SQLException {
        if (DeclarationId.parse(id).isEmpty()) {
            return Optional.empty();
        }
        try {
            DeclarationState state = declarations.find(id);
            DeclarationState.Status status = state.statusAt(clock.instant());
            Parties.Face face = parties.faces(List.of(state.party())).get(state.party());
            List<Subject> subjects = state.content().subjects();
            DeclarationAnswers.Current current = status == DeclarationState.Status.IN_FORCE
                    ? answers.current(
                            state,
                            subjects.stream()
                                    .filter(subject -> measures.shown(subject).equals(subject.canonical()))
                                    .toList())
                    : null;
            return Optional.of(new Declared(
                    state,
                    measures.shown(state.id(), state.content()),
                    subjects.stream().map(measures::shown).toList(),
                    status,
                    face == null ? null : face.name(),
                    current,
                    (current == null || current.asked() == 0)
                            ? (state.content().terms().isContactable() || (face != null && face.reachable()))
                            : current.canBeAsked()));
        } catch (ProblemException refusal) {
            if (refusal.problem() == Problem.NOT_FOUND) {
                return Optional.empty();
            }
            throw refusal;
        }
    }

    /**
     * A party, as its page shows it at first.
     *
     * @param declarations the newest declarations in force, at most 20
     */
    record Known(PublicParties.Facts facts, List<DeclarationView> declarations) {}

    /** Returns the party; empty if there is none with this id. */
    @ActivateRequestContext
    Optional<Known> party(String id) throws SQLException {
        Optional<PartyId> party = PartyId.parse(id);
        if (party.isEmpty()) {
            return Optional.empty();
        }
        PublicParties.Facts facts = publicParties.find(party.get()).orElse(null);
        if (facts == null) {
            return Optional.empty();
        }
        return Optional.of(new Known(
                facts,
                pages.page(
                                null,
                                party.get(),
                                null,
                                new DeclarationPages.Asked(null, SHOWN, null, "in-force", "newest", null, null, null))
                        .declarations()));
    }
}
