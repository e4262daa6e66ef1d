package org.askfirst.registry.account;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.askfirst.registry.succession.RecoveryResource;
import org.jspecify.annotations.Nullable;

/**
 * {@code PublicParty}: the data of a party that everybody may see.
 *
 * @param name null if the party is closed, or if the operator hides it
 * @param contact null if lookups do not show it either
 * @param contactVerified null if there is no contact
 * @param nameHidden the ground on which name and contact are hidden; null if they are shown
 * @param restricted the ground on which the party is restricted; null if it is not
 * @param openRecoveries null if there are none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record PublicParty(
        String id,
        @Nullable String name,
        String kind,
        String trust,
        String status,
        @Nullable String contact,
        @Nullable Boolean contactVerified,
        Instant openedAt,
        @Nullable String nameHidden,
        @Nullable String restricted,
        @Nullable List<RecoveryResource.RecoveryView> openRecoveries,
        long declarationCount,
        List<PublicParties.ProvedSubject> proved,
        List<PublicParties.VouchingBody> vouchedBy) {}
