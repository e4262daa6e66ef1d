package org.askfirst.index;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.verdict.MandateTerm;
import org.askfirst.verdict.PartyRegister;
import org.askfirst.verdict.PartyState;
import org.jspecify.annotations.Nullable;

/**
 * What is held of those who speak: erasures, states of parties, and how mandates stand. Few beside what is said, so all
 * of it is in memory.
 *
 * <p>One thread writes, any number read. Each value says from which position on it holds and what held before, so that a
 * reader at an earlier position finds what it would have found then.
 */
final class VersionedPartyRegister {
    private final Map<PartyId, Long> erasures = new ConcurrentHashMap<>();
    private final Map<PartyId, Version<PartyState>> states = new ConcurrentHashMap<>();
    private final Map<MandateId, Version<MandateTerm>> terms = new ConcurrentHashMap<>();

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

    /** By the one writer. */
    void erase(PartyId party, long position) {
        erasures.putIfAbsent(party, position);
    }

    /** By the one writer. */
    void put(PartyId party, PartyState state, long position) {
        states.merge(
                party, new Version<>(position, state, null), (before, now) -> new Version<>(position, state, before));
    }

    /** By the one writer. */
    void put(MandateId mandate, MandateTerm term, long position) {
        terms.merge(
                mandate, new Version<>(position, term, null), (before, now) -> new Version<>(position, term, before));
    }

    boolean isErased(PartyId party, long position) {
        Long at = erasures.get(party);
        return at != null && at <= position;
    }

    /** All of it, as it is held at that position. */
    PartyRegister at(long position) {
        return new PartyRegister() {
            @Override
            public PartyState state(PartyId party) {
                PartyState state = Version.at(states.get(party), position);
                PartyState known = state == null ? PartyState.PLAIN : state;
                return isErased(party, position) ? known.withErased(true) : known;
            }

            @Override
            public @Nullable MandateTerm term(MandateId mandate) {
                return Version.at(terms.get(mandate), position);
            }
        };
    }

    /** What of it goes into a file of that position. */
    PartyRegisterSnapshot upTo(long position) {
        Map<PartyId, Long> erased = new HashMap<>();
        erasures.forEach((party, at) -> {
            if (at <= position) {
                erased.put(party, at);
            }
        });
        Map<PartyId, PartyState> held = new HashMap<>();
        states.forEach((party, version) -> {
            PartyState state = Version.at(version, position);
            if (state != null) {
                held.put(party, state);
            }
        });
        Map<MandateId, MandateTerm> standing = new HashMap<>();
        terms.forEach((mandate, version) -> {
            MandateTerm term = Version.at(version, position);
            if (term != null) {
                standing.put(mandate, term);
            }
        });
        return new PartyRegisterSnapshot(erased, held, standing);
    }

    /** What a file of that position says. */
    static VersionedPartyRegister of(PartyRegisterSnapshot held, long position) {
        VersionedPartyRegister registers = new VersionedPartyRegister();
        registers.erasures.putAll(held.erasures());
        held.states().forEach((party, state) -> registers.put(party, state, position));
        held.terms().forEach((mandate, term) -> registers.put(mandate, term, position));
        return registers;
    }
}
