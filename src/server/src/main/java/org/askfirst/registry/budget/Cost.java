package org.askfirst.registry.budget;

import org.askfirst.entry.AccountEntry;
import org.askfirst.entry.ControlEntry;
import org.askfirst.entry.DeclarationEntry;
import org.askfirst.entry.DisputeEntry;
import org.askfirst.entry.Entry;
import org.askfirst.entry.GrantEntry;
import org.askfirst.entry.LicenseEntry;
import org.askfirst.entry.MandateEntry;
import org.askfirst.entry.MeasureEntry;
import org.askfirst.entry.OfferEntry;
import org.askfirst.entry.ReportEntry;
import org.askfirst.entry.TrustEntry;
import org.askfirst.registry.ledger.Proposal;
import org.jspecify.annotations.Nullable;

/**
 * The cost of an act.
 *
 * <p>Acts with which a party ends something, or keeps strangers out of its account, are free: nothing may ever prevent
 * them. So are those that only others with evidence can do.
 *
 * @param budget the budget from which it is taken
 * @param amount at least 1
 */
record Cost(Budget budget, long amount) {
    /** Returns the cost of the act; null if it is free. */
    static @Nullable Cost of(Proposal proposal) {
        Reading reading = new Reading(proposal.replacedWorks());
        proposal.entry().accept(reading);
        return reading.cost;
    }

    private static final class Reading implements Entry.Cases<RuntimeException> {
        private final int replaced;
        private @Nullable Cost cost;

        Reading(int replaced) {
            this.replaced = replaced;
        }

        @Override
        public void stated(DeclarationEntry.Stated stated) {
            cost = works(stated.content().subjects().size() - replaced);
        }

        @Override
        public void listed(DeclarationEntry.Listed listed) {
            cost = listed.added().isEmpty() ? null : works(listed.added().size());
        }

        private static Cost works(int added) {
            return new Cost(Budget.WORKS, Math.max(1, added));
        }

        @Override
        public void withdrawn(DeclarationEntry.Withdrawn withdrawn) {}

        @Override
        public void mandateMade(MandateEntry.MandateMade made) {
            cost = made.recorded() ? null : new Cost(Budget.OFFERS, 1);
        }

        @Override
        public void mandateChanged(MandateEntry.MandateChanged changed) {}

        @Override
        public void described(AccountEntry.Described described) {
            cost = described.opens() ? null : new Cost(Budget.CHANGES, 1);
        }

        @Override
        public void contactChecked(AccountEntry.ContactChecked checked) {}

        @Override
        public void successorNamed(AccountEntry.SuccessorNamed named) {
            cost = new Cost(Budget.CHANGES, 1);
        }

        @Override
        public void succeeded(AccountEntry.Succeeded succeeded) {}

        @Override
        public void recoveryChanged(AccountEntry.RecoveryChanged changed) {}

        @Override
        public void erased(AccountEntry.Erased erased) {}

        @Override
        public void controlProved(ControlEntry.ControlProved proved) {}

        @Override
        public void controlRevoked(ControlEntry.ControlRevoked revoked) {}

        @Override
        public void partyStatusDecided(TrustEntry.PartyStatusDecided decided) {}

        @Override
        public void vouchingChanged(TrustEntry.VouchingChanged changed) {}

        @Override
        public void rejected(DisputeEntry.Rejected rejected) {}

        @Override
        public void rejectionWithdrawn(DisputeEntry.RejectionWithdrawn withdrawn) {}

        @Override
        public void disputeFiled(DisputeEntry.DisputeFiled filed) {
            cost = new Cost(Budget.DISPUTES, 1);
        }

        @Override
        public void disputeStepped(DisputeEntry.DisputeStepped stepped) {}

        @Override
        public void disputeDecided(DisputeEntry.DisputeDecided decided) {}

        @Override
        public void granted(GrantEntry.Granted granted) {
            cost = new Cost(Budget.GRANTS, 1);
        }

        @Override
        public void grantRevoked(GrantEntry.Revoked revoked) {}

        @Override
        public void measureChanged(MeasureEntry.MeasureChanged changed) {}

        @Override
        public void offerStated(OfferEntry.OfferStated stated) {
            cost = new Cost(Budget.LICENSE_OFFERS, 1);
        }

        @Override
        public void offerWithdrawn(OfferEntry.OfferWithdrawn withdrawn) {}

        /** The entry names no party, so the request takes from the budget before it is recorded. */
        @Override
        public void licenseRequested(LicenseEntry.LicenseRequested requested) {}

        @Override
        public void licenseStepped(LicenseEntry.LicenseStepped stepped) {}

        /** The lines of the report take from a budget while they are sent. */
        @Override
        public void reportFiled(ReportEntry.ReportFiled filed) {}

        @Override
        public void statementIssued(ReportEntry.StatementIssued issued) {}
    }
}
