package org.askfirst.registry.transparency;

import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.askfirst.tlog.CosignatureVerifier;
import org.askfirst.tlog.MalformedException;

/** The witnesses that this log asks for cosignatures, as they are set. */
@ApplicationScoped
class Witnesses {
    private static final int MOST = 50;

    private final List<Witness> all = new ArrayList<>();
    private final int quorum;

    /**
     * A witness.
     *
     * @param submission the address of {@code add-checkpoint}
     */
    record Witness(CosignatureVerifier verifier, URI submission) {
        String name() {
            return verifier.name();
        }
    }

    /**
     * Reads the settings.
     *
     * @throws LogMismatchException if they cannot be read; its message states the reason
     */
    Witnesses(LogConfig config) {
        Set<CosignatureVerifier> known = new HashSet<>();
        for (String setting : config.witnesses().orElse(List.of())) {
            Witness witness = parse(setting.strip());
            if (!known.add(witness.verifier())) {
                throw new LogMismatchException("the witness " + witness.name() + " is set twice");
            }
            all.add(witness);
        }
        quorum = config.witnessQuorum();
        if (all.size() > MOST || quorum < 0 || quorum > all.size()) {
            throw new LogMismatchException("ASKFIRST_LOG_WITNESS_QUORUM is " + quorum + ", and " + all.size()
                    + " witnesses are set, of at most " + MOST);
        }
    }

    private static Witness parse(String setting) {
        int space = setting.indexOf(' ');
        if (space < 0) {
            throw new LogMismatchException(
                    "a witness in ASKFIRST_LOG_WITNESSES has a verifier key, a space, and an" + " address: " + setting);
        }
        String address = setting.substring(space).strip();
        try {
            URI prefix = URI.create(address.endsWith("/") ? address : address + "/");
            if (prefix.getHost() == null || !Set.of("https", "http").contains(String.valueOf(prefix.getScheme()))) {
                throw new LogMismatchException("the address of a witness begins with https: or http:, not " + address);
            }
            return new Witness(
                    CosignatureVerifier.parse(setting.substring(0, space)), prefix.resolve("add-checkpoint"));
        } catch (MalformedException | IllegalArgumentException unreadable) {
            throw new LogMismatchException(
                    "a witness in ASKFIRST_LOG_WITNESSES cannot be read: " + unreadable.getMessage());
        }
    }

    List<Witness> all() {
        return all;
    }

    /** Returns the number of witnesses that must have cosigned a checkpoint before it is published. */
    int quorum() {
        return quorum;
    }
}
