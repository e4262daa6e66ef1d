package org.askfirst.entry;

import static java.util.Map.entry;

import java.util.Map;
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
            entry(TrustEntry.MemberVouched.VOUCHED, TrustEntry.MemberVouched::read),
            entry(TrustEntry.MemberVouched.UNVOUCHED, TrustEntry.MemberVouched::read),
            entry(MandateEntry.MandateMade.OFFERED, MandateEntry.MandateMade::read),
            entry(MandateEntry.MandateMade.RECORDED, MandateEntry.MandateMade::read),
            entry(MandateStep.ACCEPTED.type(), MandateEntry.MandateChanged::read),
            entry(MandateStep.DECLINED.type(), MandateEntry.MandateChanged::read),
            entry(MandateStep.WITHDRAWN.type(), MandateEntry.MandateChanged::read),
            entry(MandateStep.CLAIMED.type(), MandateEntry.MandateChanged::read),
            entry(AccountEntry.SuccessorNamed.TYPE, AccountEntry.SuccessorNamed::read),
            entry(AccountEntry.Succeeded.TYPE, AccountEntry.Succeeded::read),
            entry(RecoveryStep.BEGUN.type(), AccountEntry.RecoveryChanged::read),
            entry(RecoveryStep.STOPPED.type(), AccountEntry.RecoveryChanged::read),
            entry(RecoveryStep.DONE.type(), AccountEntry.RecoveryChanged::read),
            entry(AccountEntry.Erased.TYPE, AccountEntry.Erased::read));

    private EntryTypes() {}

    static Entry read(EntryReader members) {
        Function<EntryReader, Entry> reader = READERS.get(members.type());
        if (reader == null) {
            throw EntryReader.unknown("type");
        }
        return reader.apply(members);
    }
}
