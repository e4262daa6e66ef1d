package org.askfirst.entry;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.json.CanonicalJson;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectScheme;
import org.askfirst.verdict.ControlMethod;
import org.askfirst.verdict.Ruling;
import org.jspecify.annotations.Nullable;

/**
 * One act, as the ledger records it.
 *
 * <p>An entry holds no personal data: parties are numbers, and what may name a person is committed to by a
 * salted hash ({@link Confidential}). Its canonical text is what is hashed into the log, so its form may grow
 * but never change; {@code docs/formats/entry.md} specifies it.
 */
public sealed interface Entry {
    /** The kind of act, as the canonical text names it. */
    String type();

    /** Whose act it is, or whom it concerns. */
    PartyId party();

    /** Which declaration, recorded before, it changes; empty if none. */
    default Optional<DeclarationId> changed() {
        if (this instanceof Stated stated) {
            return stated.amends() ? Optional.of(stated.declaration()) : Optional.empty();
        }
        if (this instanceof Listed listed) {
            return Optional.of(listed.declaration());
        }
        return this instanceof Withdrawn withdrawn ? Optional.of(withdrawn.declaration()) : Optional.empty();
    }

    /** The commitment to what is kept beside the ledger; null if nothing is. */
    @Nullable String commitment();

    /** Canonical JSON (RFC 8785) of the act, recorded at that moment (microseconds count). */
    default String canonical(Instant recordedAt) {
        return text().at(recordedAt);
    }

    /**
     * {@link #canonical} for whatever moment.
     *
     * @throws IllegalArgumentException if it cannot be written, because a text in it is none
     */
    default EntryText text() {
        return EntryForm.text(this);
    }

    /**
     * Back from {@link #canonical}.
     *
     * @throws IllegalArgumentException if the text is not an entry of a kind known here
     */
    static Entry parse(String canonical) {
        return EntryForm.parse(CanonicalJson.parseObject(canonical));
    }

    /**
     * A party states something, for the first time or anew.
     *
     * @param amends whether this supersedes an earlier statement under the same id
     * @param content what is said, without its confidential part
     * @param address whether somebody can be reached, so that "reserved" reads as "ask"
     * @param mints whether the only subject is an id that the registry gave the work in this very act
     */
    record Stated(
            boolean amends,
            boolean mints,
            DeclarationId declaration,
            PartyId party,
            Content content,
            boolean address,
            @Nullable String commitment)
            implements Entry {
        public Stated {
            content = content.withoutConfidential();
        }

        @Override
        public String type() {
            return amends ? EntryForm.AMENDED : EntryForm.DECLARED;
        }

        /**
         * Tells whether two submissions say the same: SHA-256 over all that was submitted, 32 bytes.
         *
         * <p>It covers personal data without a salt, so it is kept only where it can be erased.
         */
        public byte[] fingerprint(@Nullable Confidential confidential) {
            Content submitted = contentWith(confidential);
            return (mints ? submitted.about(List.of()) : submitted).fingerprint();
        }

        /** The content with its confidential part put back. */
        public Content contentWith(@Nullable Confidential confidential) {
            return confidential == null ? content : content.with(confidential);
        }
    }

    /** A party takes back what it stated. */
    record Withdrawn(DeclarationId declaration, PartyId party) implements Entry {
        @Override
        public String type() {
            return EntryForm.WITHDRAWN;
        }

        @Override
        public @Nullable String commitment() {
            return null;
        }
    }

    /**
     * A party changes what its repertoire lists.
     *
     * <p>INVARIANT: no two of these subjects are kept under one key ({@link Subject#indexedAs}), so that it does not
     * matter which comes first. Adding what is listed already changes nothing, and so does removing what is not.
     *
     * @param declaration which is a repertoire
     */
    record Listed(DeclarationId declaration, PartyId party, List<Subject> added, List<Subject> removed)
            implements Entry {
        public Listed {
            added = List.copyOf(added);
            removed = List.copyOf(removed);
        }

        @Override
        public String type() {
            return EntryForm.LISTED;
        }

        @Override
        public @Nullable String commitment() {
            return null;
        }
    }

    /**
     * A party was seen to control a subject; what was seen is confidential.
     *
     * @param by the vouching body that says so; null if the operator does, or the registry saw it
     */
    record ControlProved(
            PartyId party,
            Subject subject,
            ControlMethod method,
            @Nullable PartyId by,
            @Nullable String commitment) implements Entry {
        /** Seen by the registry or the operator. */
        public ControlProved(PartyId party, Subject subject, ControlMethod method, @Nullable String commitment) {
            this(party, subject, method, null, commitment);
        }

        @Override
        public String type() {
            return EntryForm.CONTROL_PROVED;
        }
    }

    /** A proof of control stopped counting; why is confidential. */
    record ControlLapsed(
            PartyId party, Subject subject, @Nullable String commitment) implements Entry {
        @Override
        public String type() {
            return EntryForm.CONTROL_LAPSED;
        }
    }

    /**
     * The operator decided something of a party; why is confidential.
     *
     * @param kinds of subjects, sorted by name; none unless the ruling names some
     */
    record Ruled(
            Ruling ruling,
            PartyId party,
            List<SubjectScheme> kinds,
            @Nullable String commitment) implements Entry {
        public Ruled {
            kinds = kinds.stream()
                    .distinct()
                    .sorted(Comparator.comparing(SubjectScheme::wireName))
                    .toList();
        }

        @Override
        public String type() {
            return EntryForm.RULED;
        }
    }

    /** A body vouches for a member, or does so no more. */
    record MemberVouched(boolean ends, PartyId party, PartyId member) implements Entry {
        @Override
        public String type() {
            return ends ? EntryForm.UNVOUCHED : EntryForm.VOUCHED;
        }

        @Override
        public @Nullable String commitment() {
            return null;
        }
    }

    /**
     * A mandate is offered by one side; or is recorded by a society for a member who is not known yet, whose number
     * there is confidential.
     *
     * @param recorded which of the two
     */
    record MandateMade(
            boolean recorded,
            MandateId mandate,
            PartyId party,
            Mandate terms,
            @Nullable String commitment) implements Entry {
        @Override
        public String type() {
            return recorded ? EntryForm.MANDATE_RECORDED : EntryForm.MANDATE_OFFERED;
        }
    }

    /**
     * A mandate goes a step on.
     *
     * @param until when a withdrawn mandate ends; null for at once, and in all other steps
     */
    record MandateChanged(
            MandateStep step,
            MandateId mandate,
            PartyId party,
            @Nullable Instant until) implements Entry {
        @Override
        public String type() {
            return step.type();
        }

        @Override
        public @Nullable String commitment() {
            return null;
        }
    }

    /** A party names who is to have its account after it; null takes back what it named. */
    record SuccessorNamed(PartyId party, @Nullable PartyId successor) implements Entry {
        @Override
        public String type() {
            return EntryForm.SUCCESSOR_NAMED;
        }

        @Override
        public @Nullable String commitment() {
            return null;
        }
    }

    /** The operator hands a party's account over to the successor it named; on what evidence is confidential. */
    record Succeeded(
            PartyId party, PartyId successor, @Nullable String commitment) implements Entry {
        @Override
        public String type() {
            return EntryForm.SUCCEEDED;
        }
    }

    /**
     * The recovery of a party's lost keys goes a step on; what was seen is confidential.
     *
     * @param recovery its id
     * @param by the body that vouches for whoever asks; null if the registry saw it
     */
    record RecoveryChanged(
            RecoveryStep step,
            PartyId party,
            String recovery,
            @Nullable PartyId by,
            @Nullable String commitment) implements Entry {
        @Override
        public String type() {
            return step.type();
        }
    }

    /** What names a person in all that the party declared was erased, and the party is closed. */
    record Erased(PartyId party) implements Entry {
        @Override
        public String type() {
            return EntryForm.ERASED;
        }

        @Override
        public @Nullable String commitment() {
            return null;
        }
    }
}
