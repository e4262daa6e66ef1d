package org.askfirst.registry.erasure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import org.askfirst.entry.AccountEntry;
import org.askfirst.entry.Entry;
import org.askfirst.id.PartyId;
import org.askfirst.registry.house.RegistryTest;
import org.junit.jupiter.api.Test;

/** Checks the parts of an erasure. No other test notices if a part is missing. */
@QuarkusTest
class ErasureTest extends RegistryTest {
    @Inject
    Erasure erasure;

    @Test
    void everyPackageErasesItsPartInOneOrder() {
        assertEquals(
                List.of(
                        "account",
                        "asked",
                        "budget",
                        "contact",
                        "contact",
                        "control",
                        "declarations",
                        "disputes",
                        "grants",
                        "imports",
                        "license requests",
                        "mail",
                        "mandates",
                        "measure",
                        "offers",
                        "olp",
                        "operator request",
                        "operator",
                        "passkeys",
                        "search",
                        "trust",
                        "usage reports",
                        "webhooks"),
                erasure.parts().stream().map(part -> part.split(":", 2)[0]).toList());
    }

    @Test
    void actsOfAClosedPartyMustWait() {
        PartyId party = new PartyId(new UUID(0, 1));
        PartyId other = new PartyId(new UUID(0, 2));
        Entry before = new AccountEntry.SuccessorNamed(party, null);
        Erasure.ClosedParties closed = new Erasure.ClosedParties();
        assertFalse(closed.mustWait(before));
        assertFalse(closed.mustWait(new AccountEntry.Erased(party)));
        assertTrue(closed.mustWait(before));
        assertTrue(closed.mustWait(new AccountEntry.Erased(party)));
        assertFalse(closed.mustWait(new AccountEntry.SuccessorNamed(other, party)));
    }
}
