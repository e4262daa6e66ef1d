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

/** A party; its name and contact go when they are erased, its number stays. */
@Entity
@Table(name = "party")
class PartyRow extends PanacheEntityBase {
    @Id
    UUID id = new UUID(0, 0);

    @Nullable String name;

    String kind = "";

    @Nullable String contact;

    @Column(name = "opened_at")
    Instant openedAt = Instant.EPOCH;

    /** Makes other changes to the party's keys wait, so that two of them cannot revoke the last two keys. */
    static void lock(UUID id) {
        findById(id, LockModeType.PESSIMISTIC_WRITE);
    }
}
