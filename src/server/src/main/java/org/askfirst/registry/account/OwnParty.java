package org.askfirst.registry.account;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.askfirst.registry.control.ControlViews;
import org.askfirst.registry.party.Notices;
import org.askfirst.registry.party.PartyViews;
import org.askfirst.registry.succession.RecoveryResource;
import org.askfirst.registry.trust.MembershipResource;
import org.jspecify.annotations.Nullable;

/**
 * {@code OwnParty}: a party's own view of its account.
 *
 * @param relay null if the contact is published
 * @param contactVerified null if there is no contact
 * @param contactVerifiedBy null if it is not verified
 * @param contactRefused null if its mailbox did not refuse it
 * @param mailSignIn the e-mail address with which the party signs in; null if it does not sign in by e-mail
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record OwnParty(
        String id,
        String name,
        String kind,
        String trust,
        @Nullable String contact,
        @Nullable Boolean relay,
        @Nullable Boolean contactVerified,
        @Nullable String contactVerifiedBy,
        @Nullable Boolean contactRefused,
        @Nullable String mailSignIn,
        Instant openedAt,
        List<PartyViews.KeyView> keys,
        @Nullable Instant closesAt,
        @Nullable Boolean suspended,
        @Nullable String nameHidden,
        @Nullable String restricted,
        @Nullable List<String> vouchableSchemes,
        @Nullable String successor,
        @Nullable List<String> succeeds,
        List<ControlViews.ControlView> controls,
        List<RecoveryResource.RecoveryView> openRecoveries,
        List<MembershipResource.MembershipView> memberships,
        List<Notices.NoticeView> notices) {}
