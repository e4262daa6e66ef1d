package org.askfirst.registry.party;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import io.quarkus.panache.common.Sort;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of {@code party_key}: an API key of a party, stored as its hash. */
@Entity
@Table(name = "party_key")
public class KeyRow extends PanacheEntityBase {
    @Id
    public String id = "";

    UUID party = new UUID(0, 0);

    byte[] hash = new byte[0];

    @Column(name = "created_at")
    public Instant createdAt = Instant.EPOCH;

    public @Nullable String label;

    public String scope = KeyScope.FULL.wireName();

    @Column(name = "expires_at")
    public @Nullable Instant expiresAt;

    @Column(name = "used_at")
    public @Nullable Instant usedAt;

    @Column(name = "revoked_at")
    @Nullable Instant revokedAt;

    static KeyRow of(ApiKey key, UUID party, Instant createdAt) {
        KeyRow row = new KeyRow();
        row.id = key.id();
        row.party = party;
        row.hash = key.hash();
        row.createdAt = createdAt;
        return row;
    }

    boolean isExpired(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }

    /** Returns true if the key can do everything, and always. */
    boolean isLasting() {
        return scope.equals(KeyScope.FULL.wireName()) && expiresAt == null;
    }

    /** Returns the keys of the party that are not revoked, oldest first. */
    static List<KeyRow> validOf(UUID party) {
        return list("party = ?1 and revokedAt is null", Sort.by("createdAt").and("id"), party);
    }
}
