package org.askfirst.entry;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.PartyId;
import org.askfirst.id.ReportId;
import org.jspecify.annotations.Nullable;

/**
 * An entry about a usage report of a grant.
 *
 * <p>Reports are confidential between the two sides of the grant. So these entries name neither side and no grant:
 * {@code party} is a pseudonym, a random id that the licensee has in one report only. The confidential part has the hash
 * of the lines, the totals and what is due, and the entry commits to it.
 */
public sealed interface ReportEntry extends Entry {
    /** Returns the revision of a report. */
    ReportId report();

    /** One method for each kind of these entries. */
    interface Cases<X extends Exception> {
        /** A licensee files a report. */
        void reportFiled(ReportFiled filed) throws X;

        /** The registry computes what is due for a report. */
        void statementIssued(StatementIssued issued) throws X;
    }

    /** The registry submits these entries after it checked the key of the licensee, because none names a party. */
    @Override
    default Set<Submitter> submitters() {
        return Set.of(Submitter.REGISTRY);
    }

    @Override
    default Set<Object> conflictKeys(@Nullable Confidential confidential) {
        return Set.of(List.of("report", report()));
    }

    @Override
    default Optional<DeclarationId> changed() {
        return Optional.empty();
    }

    @Override
    default void write(EntryWriter members) {
        members.put("report", report().toString());
    }

    /**
     * A licensee files a report.
     *
     * @param report the revision
     * @param party the pseudonym of the licensee
     * @param commitment the commitment to the hash of the lines and to the totals
     */
    record ReportFiled(
            ReportId report, PartyId party, @Nullable String commitment) implements ReportEntry {
        static final String TYPE = "report-filed";

        @Override
        public String type() {
            return TYPE;
        }

        static ReportFiled read(EntryReader members) {
            return new ReportFiled(members.report(), members.party(), members.commitment());
        }

        @Override
        public <X extends Exception> void accept(Entry.Cases<X> cases) throws X {
            cases.reportFiled(this);
        }
    }

    /**
     * The registry computes what is due for a report.
     *
     * @param report the revision
     * @param party the pseudonym of the licensee
     * @param commitment the commitment to the statement
     */
    record StatementIssued(
            ReportId report, PartyId party, @Nullable String commitment) implements ReportEntry {
        static final String TYPE = "statement-issued";

        @Override
        public String type() {
            return TYPE;
        }

        static StatementIssued read(EntryReader members) {
            return new StatementIssued(members.report(), members.party(), members.commitment());
        }

        @Override
        public <X extends Exception> void accept(Entry.Cases<X> cases) throws X {
            cases.statementIssued(this);
        }
    }
}
