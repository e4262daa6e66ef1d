package org.askfirst.entry;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The table of all types of entries with their readers. A test reads an entry of every kind. */
final class EntryTypes {
    static final long VERSION = 1;

    private static final Map<String, Function<EntryReader, Entry>> READERS = Map.ofEntries(
            entry(DeclarationEntry.Stated.DECLARED, DeclarationEntry.Stated::read),
            entry(DeclarationEntry.Stated.AMENDED, DeclarationEntry.Stated::read),
            entry(DeclarationEntry.Withdrawn.TYPE, DeclarationEntry.Withdrawn::read),
            entry(DeclarationEntry.Listed.TYPE, DeclarationEntry.Listed::read),
            entry(ControlEntry.ControlProved.TYPE, ControlEntry.ControlProved::read),
            entry(ControlEntry.ControlRevoked.TYPE, ControlEntry.ControlRevoked::read),
            entry(TrustEntry.PartyStatusDecided.TYPE, TrustEntry.PartyStatusDecided::read),
            entry(VouchingStep.OFFERED.type(), TrustEntry.VouchingChanged::read),
            entry(VouchingStep.ACCEPTED.type(), TrustEntry.VouchingChanged::read),
            entry(VouchingStep.DECLINED.type(), TrustEntry.VouchingChanged::read),
            entry(VouchingStep.LEFT.type(), TrustEntry.VouchingChanged::read),
            entry(VouchingStep.VOUCHED.type(), TrustEntry.VouchingChanged::read),
            entry(VouchingStep.UNVOUCHED.type(), TrustEntry.VouchingChanged::read),
            entry(MandateEntry.MandateMade.OFFERED, MandateEntry.MandateMade::read),
            entry(MandateEntry.MandateMade.RECORDED, MandateEntry.MandateMade::read),
            entry(MandateStep.ACCEPTED.type(), MandateEntry.MandateChanged::read),
            entry(MandateStep.DECLINED.type(), MandateEntry.MandateChanged::read),
            entry(MandateStep.WITHDRAWN.type(), MandateEntry.MandateChanged::read),
            entry(MandateStep.CLAIMED.type(), MandateEntry.MandateChanged::read),
            entry(AccountEntry.Described.OPENED, AccountEntry.Described::read),
            entry(AccountEntry.Described.CHANGED, AccountEntry.Described::read),
            entry(AccountEntry.ContactChecked.VERIFIED, AccountEntry.ContactChecked::read),
            entry(AccountEntry.ContactChecked.REFUSED, AccountEntry.ContactChecked::read),
            entry(AccountEntry.SuccessorNamed.TYPE, AccountEntry.SuccessorNamed::read),
            entry(AccountEntry.Succeeded.TYPE, AccountEntry.Succeeded::read),
            entry(RecoveryStep.BEGUN.type(), AccountEntry.RecoveryChanged::read),
            entry(RecoveryStep.STOPPED.type(), AccountEntry.RecoveryChanged::read),
            entry(RecoveryStep.DONE.type(), AccountEntry.RecoveryChanged::read),
            entry(DisputeEntry.Rejected.TYPE, DisputeEntry.Rejected::read),
            entry(DisputeEntry.RejectionWithdrawn.TYPE, DisputeEntry.RejectionWithdrawn::read),
            entry(DisputeEntry.DisputeFiled.TYPE, DisputeEntry.DisputeFiled::read),
            entry(DisputeStep.DEFECTIVE.type(), DisputeEntry.DisputeStepped::read),
            entry(DisputeStep.CURED.type(), DisputeEntry.DisputeStepped::read),
            entry(DisputeStep.ANSWERED.type(), DisputeEntry.DisputeStepped::read),
            entry(DisputeStep.CONTINUED.type(), DisputeEntry.DisputeStepped::read),
            entry(DisputeStep.APPEALED.type(), DisputeEntry.DisputeStepped::read),
            entry(DisputeStep.WITHDRAWN.type(), DisputeEntry.DisputeStepped::read),
            entry(DisputeStep.ARBITER_NAMED.type(), DisputeEntry.DisputeStepped::read),
            entry(DisputeEntry.DisputeDecided.TYPE, DisputeEntry.DisputeDecided::read),
            entry(GrantEntry.Granted.GRANTED, GrantEntry.Granted::read),
            entry(GrantEntry.Granted.SUPERSEDED, GrantEntry.Granted::read),
            entry(GrantEntry.Revoked.TYPE, GrantEntry.Revoked::read),
            entry(ReportEntry.ReportFiled.TYPE, ReportEntry.ReportFiled::read),
            entry(ReportEntry.StatementIssued.TYPE, ReportEntry.StatementIssued::read),
            entry("hidden", MeasureEntry.MeasureChanged::read),
            entry("hiding-lifted", MeasureEntry.MeasureChanged::read),
            entry("restricted", MeasureEntry.MeasureChanged::read),
            entry("restriction-lifted", MeasureEntry.MeasureChanged::read),
            entry(OfferEntry.OfferStated.PUBLISHED, OfferEntry.OfferStated::read),
            entry(OfferEntry.OfferStated.AMENDED, OfferEntry.OfferStated::read),
            entry(OfferEntry.OfferWithdrawn.TYPE, OfferEntry.OfferWithdrawn::read),
            entry(LicenseEntry.LicenseRequested.TYPE, LicenseEntry.LicenseRequested::read),
            entry(LicenseStep.COUNTERED.type(), LicenseEntry.LicenseStepped::read),
            entry(LicenseStep.ACCEPTED.type(), LicenseEntry.LicenseStepped::read),
            entry(LicenseStep.REFUSED.type(), LicenseEntry.LicenseStepped::read),
            entry(LicenseStep.WITHDRAWN.type(), LicenseEntry.LicenseStepped::read),
            entry(AccountEntry.Erased.TYPE, AccountEntry.Erased::read));

    private EntryTypes() {}

    static Set<String> names() {
        return READERS.keySet();
    }

    static Entry read(EntryReader members) {
        Function<EntryReader, Entry> reader = READERS.get(members.type());
        if (reader == null) {
            throw EntryReader.unknown("type");
        }
        return reader.apply(members);
    }
}
