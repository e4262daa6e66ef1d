package org.askfirst.index;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.verdict.ContactCheck;
import org.askfirst.verdict.MandateTerm;
import org.askfirst.verdict.PartyRegister;
import org.askfirst.verdict.PartyState;
import org.jspecify.annotations.Nullable;

/**
 * The states of parties, their contacts, their erasures and the mandates, by position. There are few compared to statements, so all are
 * in memory.
 *
 * <p>One thread writes, and any number of threads read. Each value has its first position and the previous value, so
 * that a reader at an earlier position finds the value of that position.
 */
final class VersionedPartyRegister {
    private final Map<PartyId, Long> erasures = new ConcurrentHashMap<>();
    private final Map<PartyId, Version<ContactState>> contacts = new ConcurrentHashMap<>();
    private final Map<PartyId, Version<PartyState>> states = new ConcurrentHashMap<>();
    private final Map<MandateId, Version<MandateTerm>> terms = new ConcurrentHashMap<>();

    /**
     * The recorded facts about the contact of a party.
     *
     * @param contactable null if the party never changed its name and contact
     */
    private record ContactState(@Nullable Boolean contactable, ContactCheck check) {
        PartyState in(PartyState state) {
            return state.withContact(contactable, check);
        }
    }

    private record Version<T>(
            long position, T value, @Nullable Version<T> before) {
        static <T> @Nullable T at(@Nullable Version<T> latest, long position) {
            Version<T> version = latest;
            while (version != null && version.position > position) {
                version = version.before;
            }
            return version == null ? null : version.value;
        }
    }

    /** Records an erasure. Only the writing thread calls this. */
    void erase(PartyId party, long position) {
        erasures.putIfAbsent(party, position);
    }

    /** Records that a party changed its name and contact. Only the writing thread calls this. */
    void describe(PartyId party, boolean contactable, boolean sameContact, long position) {
        Version<ContactState> latest = contacts.get(party);
        ContactCheck check = sameContact && latest != null ? latest.value.check : ContactCheck.NONE;
        put(party, new ContactState(contactable, check), position);
    }

    /** Records the answer of the mailbox that is the contact of a party. Only the writing thread calls this. */
    void check(PartyId party, ContactCheck check, long position) {
        Version<ContactState> latest = contacts.get(party);
        put(party, new ContactState(latest == null ? null : latest.value.contactable, check), position);
    }

    private void put(PartyId party, ContactState contact, long position) {
        contacts.merge(
                party,
                new Version<>(position, contact, null),
                (before, now) -> new Version<>(position, contact, before));
    }

    /** Records the state of a party. Only the writing thread calls this. */
    void put(PartyId party, PartyState state, long position) {
        states.merge(
                party, new Version<>(position, state, null), (before, now) -> new Version<>(position, state, before));
    }

    /** Records a mandate. Only the writing thread calls this. */
    void put(MandateId mandate, MandateTerm term, long position) {
        terms.merge(
                mandate, new Version<>(position, term, null), (before, now) -> new Version<>(position, term, before));
    }

    /**
     * Returns the position of the last change of the party's name, contact, or answer of its mailbox, up to that
     * position; 0 if there is none.
     */
    long describedAt(PartyId party, long position) {
        Version<ContactState> version = contacts.get(party);
        while (version != null && version.position > position) {
            version = version.before;
        }
        return version == null ? 0 : version.position;
    }

    boolean isErased(PartyId party, long position) {
        Long at = erasures.get(party);
        return at != null && at <= position;
    }

    /** Returns the register as of that position. */
    PartyRegister at(long position) {
        return new PartyRegister() {
            @Override
            public PartyState state(PartyId party) {
                PartyState state = Version.at(states.get(party), position);
                PartyState recorded = state == null ? PartyState.PLAIN : state;
                ContactState contact = Version.at(contacts.get(party), position);
                if (contact != null) {
                    recorded = contact.in(recorded);
                }
                return isErased(party, position) ? recorded.withErased(true) : recorded;
            }

            @Override
            public @Nullable MandateTerm term(MandateId mandate) {
                return Version.at(terms.get(mandate), position);
            }
        };
    }

    /** Returns the content for a file of that position. */
    PartyRegisterSnapshot upTo(long position) {
        Map<PartyId, Long> erased = new HashMap<>();
        erasures.forEach((party, at) -> {
            if (at <= position) {
                erased.put(party, at);
            }
        });
        Map<PartyId, PartyState> parties = new HashMap<>();
        states.forEach((party, version) -> {
            PartyState state = Version.at(version, position);
            if (state != null) {
                parties.put(party, state);
            }
        });
        contacts.forEach((party, version) -> {
            ContactState contact = Version.at(version, position);
            if (contact != null) {
                parties.put(party, contact.in(parties.getOrDefault(party, PartyState.PLAIN)));
            }
        });
        Map<MandateId, MandateTerm> mandates = new HashMap<>();
        terms.forEach((mandate, version) -> {
            MandateTerm term = Version.at(version, position);
            if (term != null) {
                mandates.put(mandate, term);
            }
        });
        return new PartyRegisterSnapshot(erased, parties, mandates);
    }

    /** Returns a register with the content of a file of that position. */
    static VersionedPartyRegister of(PartyRegisterSnapshot snapshot, long position) {
        VersionedPartyRegister register = new VersionedPartyRegister();
        register.erasures.putAll(snapshot.erasures());
        snapshot.states().forEach((party, state) -> {
            register.put(party, state.withContact(null, ContactCheck.NONE), position);
            if (state.contactable() != null || state.contactCheck() != ContactCheck.NONE) {
                register.put(party, new ContactState(state.contactable(), state.contactCheck()), position);
            }
        });
        snapshot.terms().forEach((mandate, term) -> register.put(mandate, term, position));
        return register;
    }
}
