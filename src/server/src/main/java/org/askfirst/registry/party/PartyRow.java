package org.askfirst.registry.party;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of {@code party}. An erasure deletes name and contact; the id stays. */
@Entity
@Table(name = "party")
public class PartyRow extends PanacheEntityBase {
    @Id
    public UUID id = new UUID(0, 0);

    public @Nullable String name;

    public String kind = "";

    public @Nullable String contact;

    /** True if a form of the registry takes the place of the contact. */
    public boolean relay;

    @Column(name = "opened_at")
    public Instant openedAt = Instant.EPOCH;

    /** The position of the entry that records name and contact; 0 if none does yet. */
    @Column(name = "profile_position")
    public long profilePosition;

    /** Locks the party's row until the transaction ends, so that two requests cannot revoke the last two keys. */
    static void lock(UUID id) {
        findById(id, LockModeType.PESSIMISTIC_WRITE);
    }
}
