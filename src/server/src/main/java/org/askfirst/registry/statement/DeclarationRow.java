package org.askfirst.registry.statement;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;

/** The current state of a declaration, folded from its entries. Only {@link StatementProjection} writes it. */
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
