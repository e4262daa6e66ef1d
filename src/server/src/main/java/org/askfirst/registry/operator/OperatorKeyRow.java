package org.askfirst.registry.operator;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A row of {@code party_operator_key}: a key of the operator, stored as its hash. */
@Entity
@Table(name = "party_operator_key")
class OperatorKeyRow extends PanacheEntityBase {
    @Id
    byte[] hash = new byte[0];

    String name = "";

    @Column(name = "created_at")
    Instant createdAt = Instant.EPOCH;

    @Column(name = "revoked_at")
    @Nullable Instant revokedAt;
}
