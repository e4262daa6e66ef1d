package org.askfirst.registry.licensing;

import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.askfirst.entry.Confidential;
import org.askfirst.license.LicenseTerms;
import org.askfirst.registry.ledger.LedgerEntry;
import org.jspecify.annotations.Nullable;

/**
 * The confidential text of a step of a license request, to which its entry commits.
 *
 * @param terms the terms that the side proposes or accepts; null if the step has none
 * @param purpose the purpose of a request; null if none was given
 * @param message the message; null if none was given
 * @param automatic true if the offer accepted, and not the licensor
 */
record LicenseText(
        @Nullable LicenseTerms terms,
        @Nullable String purpose,
        @Nullable String message,
        boolean automatic) {
    /** Returns the text of a step that an entry has; empty parts if it was erased. */
    static LicenseText of(LedgerEntry entry) {
        Confidential confidential = entry.confidential();
        Map<String, Object> tree = confidential == null ? Map.of() : confidential.license();
        return new LicenseText(
                tree.get("terms") instanceof Map<?, ?> terms ? LicenseTerms.ofTree(terms) : null,
                (String) tree.get("purpose"),
                (String) tree.get("message"),
                Boolean.TRUE.equals(tree.get("automatic")));
    }

    /** Returns the confidential part of the entry that makes a request. It names the sides and the works. */
    Confidential ofRequest(LicenseRequests.NewRequest request) {
        Map<String, Object> tree = tree();
        tree.put("asker", request.asker().toString());
        tree.put("licensor", request.licensor().toString());
        tree.put("licensorAlias", request.licensorAlias().toString());
        if (request.offer() != null) {
            tree.put("offer", request.offer().toString());
        }
        tree.put("workCount", (long) request.workCount());
        tree.put("worksSha256", HexFormat.of().formatHex(request.works().sha256()));
        return Confidential.ofLicense(tree);
    }

    /** Returns the confidential part of the entry of a later step. */
    Confidential ofStep(LicenseRequests.Side side) {
        Map<String, Object> tree = tree();
        tree.put("side", side.wireName());
        return Confidential.ofLicense(tree);
    }

    private Map<String, Object> tree() {
        Map<String, Object> tree = new TreeMap<>();
        if (terms != null) {
            tree.put("terms", terms.toTree());
        }
        if (purpose != null) {
            tree.put("purpose", purpose);
        }
        if (message != null) {
            tree.put("message", message);
        }
        if (automatic) {
            tree.put("automatic", true);
        }
        return tree;
    }
}
