package org.askfirst.registry.indexing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.askfirst.entry.AccountEntry;
import org.askfirst.entry.ControlEntry;
import org.askfirst.entry.DeclarationEntry;
import org.askfirst.entry.DisputeEntry;
import org.askfirst.entry.Entry;
import org.askfirst.entry.GrantEntry;
import org.askfirst.entry.LicenseEntry;
import org.askfirst.entry.Mandate;
import org.askfirst.entry.MandateEntry;
import org.askfirst.entry.MandateStep;
import org.askfirst.entry.MeasureEntry;
import org.askfirst.entry.OfferEntry;
import org.askfirst.entry.ReportEntry;
import org.askfirst.entry.TrustEntry;
import org.askfirst.index.IndexChange;
import org.askfirst.index.Listing;
import org.askfirst.index.Posting;
import org.askfirst.registry.ledger.Effect;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.MandateTerm;
import org.askfirst.verdict.StatementTerms;

/** Translates entries of the ledger and their effects into changes of an index. Queries nothing. */
final class EntryChanges implements Entry.Cases<RuntimeException> {
    private final Map<Long, Effect> effects = new HashMap<>();
    private final List<IndexChange> changes = new ArrayList<>();

    /** The position of the entry that is being translated. */
    private long position;

    private EntryChanges(List<Effect> effects) {
        effects.forEach(effect -> this.effects.put(effect.position(), effect));
    }

    /**
     * Returns the changes of the entries, in order.
     *
     * @param effects those of the entries, returned by the folds or read again
     * @throws IllegalStateException if the effect of an entry is missing
     */
    static List<IndexChange> of(List<LedgerEntry> entries, List<Effect> effects) {
        EntryChanges changes = new EntryChanges(effects);
        for (LedgerEntry entry : entries) {
            changes.position = entry.position();
            entry.entry().accept(changes);
        }
        return changes.changes;
    }

    private <E extends Effect> E effect(Class<E> kind) {
        Effect effect = effects.get(position);
        if (!kind.isInstance(effect)) {
            throw new IllegalStateException("the effect of entry " + position + " is missing");
        }
        return kind.cast(effect);
    }

    @Override
    public void stated(DeclarationEntry.Stated stated) {
        if (stated.amends()) {
            endStatement();
        }
        Posting posting = Posting.of(
                new StatementTerms(
                        stated.party(),
                        position,
                        stated.content().stances(),
                        stated.contact(),
                        stated.content().period(),
                        stated.content().mandate()),
                false);
        if (stated.content().repertoire() != null) {
            changes.add(new IndexChange.KeptFor(stated.declaration(), posting));
        }
        for (Subject subject : stated.content().subjects()) {
            changes.add(new IndexChange.Kept(subject, posting));
        }
    }

    @Override
    public void withdrawn(DeclarationEntry.Withdrawn withdrawn) {
        endStatement();
    }

    private void endStatement() {
        Effect.StatementEnded ended = effect(Effect.StatementEnded.class);
        DeclarationEntry.Stated stated = ended.stated();
        if (stated.content().repertoire() != null) {
            changes.add(new IndexChange.EndedFor(stated.declaration(), ended.statedAt(), position));
        }
        for (Subject subject : stated.content().subjects()) {
            changes.add(new IndexChange.Ended(subject, ended.statedAt(), position));
        }
    }

    @Override
    public void listed(DeclarationEntry.Listed listed) {
        Effect.ListingChanged changed = effect(Effect.ListingChanged.class);
        Listing listing = new Listing(listed.declaration(), position, false);
        changed.added().forEach(subject -> changes.add(new IndexChange.RepertoireListed(subject, listing)));
        changed.removed().forEach((subject, since) -> changes.add(new IndexChange.Ended(subject, since, position)));
    }

    @Override
    public void controlProved(ControlEntry.ControlProved proved) {
        changes.add(new IndexChange.Lapsed(proved.subject(), proved.party(), position));
        changes.add(new IndexChange.Kept(
                proved.subject(),
                Posting.proof(proved.party(), position, proved.method().control(), proved.by())));
    }

    @Override
    public void controlRevoked(ControlEntry.ControlRevoked revoked) {
        changes.add(new IndexChange.Lapsed(revoked.subject(), revoked.party(), position));
    }

    @Override
    public void partyStatusDecided(TrustEntry.PartyStatusDecided decided) {
        changeState();
    }

    @Override
    public void vouchingChanged(TrustEntry.VouchingChanged changed) {
        if (changed.changesState()) {
            changeState();
        }
    }

    private void changeState() {
        Effect.PartyStateChanged changed = effect(Effect.PartyStateChanged.class);
        changes.add(new IndexChange.StateOf(changed.party(), changed.state(), position));
    }

    @Override
    public void mandateMade(MandateEntry.MandateMade made) {
        // An offer changes nothing until it is accepted.
        if (made.recorded()) {
            Mandate terms = made.terms();
            changes.add(new IndexChange.TermOf(
                    made.mandate(), new MandateTerm(terms.society(), terms.member(), terms.period()), position));
        }
    }

    @Override
    public void mandateChanged(MandateEntry.MandateChanged changed) {
        if (changed.step() != MandateStep.DECLINED) {
            Effect.MandateTermChanged term = effect(Effect.MandateTermChanged.class);
            changes.add(new IndexChange.TermOf(term.mandate(), term.term(), position));
        }
    }

    @Override
    public void rejected(DisputeEntry.Rejected rejected) {
        changeContests();
    }

    @Override
    public void rejectionWithdrawn(DisputeEntry.RejectionWithdrawn withdrawn) {
        changeContests();
    }

    @Override
    public void disputeFiled(DisputeEntry.DisputeFiled filed) {
        changeContests();
    }

    @Override
    public void disputeStepped(DisputeEntry.DisputeStepped stepped) {
        changeContests();
    }

    @Override
    public void disputeDecided(DisputeEntry.DisputeDecided decided) {
        changeContests();
    }

    private void changeContests() {
        Effect.ContestsChanged changed = effect(Effect.ContestsChanged.class);
        changed.ended()
                .forEach(one -> changes.add(new IndexChange.ContestEnded(
                        one.subject(), one.contest().position(), position)));
        changed.begun().forEach(one -> changes.add(new IndexChange.Contested(one.subject(), one.contest())));
    }

    @Override
    public void erased(AccountEntry.Erased erased) {
        changes.add(new IndexChange.Erased(erased.party(), position));
    }

    @Override
    public void described(AccountEntry.Described described) {
        // Declarations state whether their party had a contact when it was opened.
        if (!described.opens()) {
            changes.add(new IndexChange.Described(
                    described.party(), described.contactable(), described.sameContact(), position));
        }
    }

    @Override
    public void contactChecked(AccountEntry.ContactChecked checked) {
        changes.add(new IndexChange.ContactChecked(checked.party(), checked.check(), position));
    }

    @Override
    public void successorNamed(AccountEntry.SuccessorNamed named) {
        // Lookups do not depend on who holds an account.
    }

    @Override
    public void succeeded(AccountEntry.Succeeded succeeded) {
        // Lookups do not depend on who holds an account.
    }

    @Override
    public void granted(GrantEntry.Granted granted) {
        // Grants are confidential, so no index has them; the package grant keeps them for each licensee.
    }

    @Override
    public void grantRevoked(GrantEntry.Revoked revoked) {
        // As above.
    }

    @Override
    public void measureChanged(MeasureEntry.MeasureChanged changed) {
        // No verdict depends on a measure.
    }

    @Override
    public void recoveryChanged(AccountEntry.RecoveryChanged changed) {
        // Lookups do not depend on who holds an account.
    }

    /** Changes nothing: no verdict depends on an offer. */
    @Override
    public void offerStated(OfferEntry.OfferStated stated) {}

    @Override
    public void offerWithdrawn(OfferEntry.OfferWithdrawn withdrawn) {}

    /** Changes nothing: a request changes no verdict. */
    @Override
    public void licenseRequested(LicenseEntry.LicenseRequested requested) {}

    @Override
    public void licenseStepped(LicenseEntry.LicenseStepped stepped) {}

    /** Changes nothing: a usage report changes no verdict. */
    @Override
    public void reportFiled(ReportEntry.ReportFiled filed) {}

    @Override
    public void statementIssued(ReportEntry.StatementIssued issued) {}
}
