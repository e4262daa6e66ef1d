package org.askfirst.registry.statement;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;

/** A declaration, as the ledger's entries about it leave it. Written by {@link StatementProjection} alone. */
@Entity
@Table(name = "standing_declaration")
class DeclarationRow extends PanacheEntityBase {
    @Id
    UUID id = new UUID(0, 0);

    UUID party = new UUID(0, 0);

    @Column(name = "declared_at")
    long declaredAt;

    long position;

    boolean withdrawn;

    byte[] fingerprint = new byte[0];
}
