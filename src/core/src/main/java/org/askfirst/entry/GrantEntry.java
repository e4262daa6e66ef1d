package org.askfirst.entry;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.GrantId;
import org.askfirst.id.PartyId;
import org.askfirst.verdict.Period;
import org.jspecify.annotations.Nullable;

/**
 * An entry about a grant. The grant itself is confidential: an entry shows its licensor, its id and its period, and
 * commits to everything else.
 */
public sealed interface GrantEntry extends Entry {
    /** Returns the grant that this entry gives or ends. */
    GrantId grant();

    /** One method for each kind of these entries. */
    interface Cases<X extends Exception> {
        /** A licensor gives a grant. */
        void granted(Granted granted) throws X;

        /** A licensor revokes a grant. */
        void grantRevoked(Revoked revoked) throws X;
    }

    /** Calls the method for this kind of entry. */
    <X extends Exception> void handle(Cases<X> cases) throws X;

    @Override
    default <X extends Exception> void accept(Entry.Cases<X> cases) throws X {
        handle(cases);
    }

    @Override
    default Set<Submitter> submitters() {
        return Set.of(Submitter.OWN_KEY);
    }

    @Override
    default Optional<DeclarationId> changed() {
        return Optional.empty();
    }

    /** Returns null: these entries have commitments of their own. */
    @Override
    default @Nullable String commitment() {
        return null;
    }

    /**
     * A licensor gives a grant.
     *
     * @param grant the id of the grant
     * @param party the licensor
     * @param supersedes the grant that ends when this one begins; null if there is none
     * @param period the time in which the grant is in force, with an end
     * @param commitments the commitments to the confidential parts
     */
    record Granted(GrantId grant, PartyId party, @Nullable GrantId supersedes, Period period, Commitments commitments)
            implements GrantEntry {
        static final String GRANTED = "granted";
        static final String SUPERSEDED = "grant-superseded";

        @Override
        public String type() {
            return supersedes == null ? GRANTED : SUPERSEDED;
        }

        /** The registry gives a grant that follows from a license request, in which both sides agreed. */
        @Override
        public Set<Submitter> submitters() {
            return Set.of(Submitter.OWN_KEY, Submitter.REGISTRY);
        }

        /** Two changes of one grant are decided one after the other. */
        @Override
        public Set<Object> conflictKeys(@Nullable Confidential confidential) {
            return supersedes == null ? Set.of(grant) : Set.of(grant, supersedes);
        }

        @Override
        public void write(EntryWriter members) {
            members.put("grant", grant.toString());
            members.put("supersedes", supersedes == null ? null : supersedes.toString());
            members.put("validFrom", period.from());
            members.put("validTo", period.to());
            members.put("licenseeCommitment", commitments.licensee());
            members.put("worksCommitment", commitments.works());
            members.put("termsCommitment", commitments.terms());
        }

        static Granted read(EntryReader members) {
            return new Granted(
                    members.grant("grant"),
                    members.party(),
                    members.has("supersedes") ? members.grant("supersedes") : null,
                    members.period(),
                    new Commitments(
                            members.text("licenseeCommitment"),
                            members.text("worksCommitment"),
                            members.text("termsCommitment")));
        }

        @Override
        public <X extends Exception> void handle(Cases<X> cases) throws X {
            cases.granted(this);
        }
    }

    /**
     * Commitments to the confidential parts of a grant: each is the SHA-256, in hexadecimal, of a salt of 16 bytes
     * followed by the part in UTF-8. Each part has a salt of its own, so that one part can be shown without the others.
     *
     * @param licensee to the id of the licensee
     * @param works to the list of works
     * @param terms to the canonical JSON of the terms
     */
    record Commitments(String licensee, String works, String terms) {}

    /**
     * A licensor revokes a grant.
     *
     * @param grant the grant
     * @param party the licensor
     * @param from the moment at which the grant ends; null if it ends when the entry is recorded
     */
    record Revoked(GrantId grant, PartyId party, @Nullable Instant from) implements GrantEntry {
        static final String TYPE = "grant-revoked";

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public Set<Object> conflictKeys(@Nullable Confidential confidential) {
            return Set.of(grant);
        }

        @Override
        public void write(EntryWriter members) {
            members.put("grant", grant.toString());
            members.put("from", from);
        }

        static Revoked read(EntryReader members) {
            return new Revoked(members.grant("grant"), members.party(), members.moment("from"));
        }

        @Override
        public <X extends Exception> void handle(Cases<X> cases) throws X {
            cases.grantRevoked(this);
        }
    }
}
