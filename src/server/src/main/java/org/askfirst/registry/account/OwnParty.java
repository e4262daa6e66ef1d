package org.askfirst.registry.account;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.askfirst.registry.control.ControlViews;
import org.askfirst.registry.party.Notices;
import org.askfirst.registry.party.PartyViews;
import org.jspecify.annotations.Nullable;

/** {@code OwnParty}: a party's own view of its account. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record OwnParty(
        String id,
        String name,
        String kind,
        String trust,
        @Nullable String contact,
        Instant openedAt,
        List<PartyViews.KeyView> keys,
        @Nullable Boolean suspended,
        @Nullable List<String> vouchableSchemes,
        @Nullable String successor,
        @Nullable List<String> succeeds,
        List<ControlViews.ControlView> controls,
        List<Notices.NoticeView> notices) {}
