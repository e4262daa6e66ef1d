package org.askfirst.entry;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.DisputeId;
import org.askfirst.id.GrantId;
import org.askfirst.id.LicenseRequestId;
import org.askfirst.id.MandateId;
import org.askfirst.id.OfferId;
import org.askfirst.id.PartyId;
import org.askfirst.id.ReportId;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectScheme;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Use;
import org.jspecify.annotations.Nullable;

/**
 * Reads the members of an entry's text by their types.
 *
 * <p>All methods throw {@link IllegalArgumentException} if a required member is missing.
 */
final class EntryReader {
    private final Map<?, ?> tree;

    EntryReader(Map<?, ?> tree) {
        this.tree = tree;
    }

    Map<?, ?> tree() {
        return tree;
    }

    String type() {
        return text("type");
    }

    PartyId party() {
        return party("party");
    }

    PartyId party(String name) {
        return PartyId.parse(text(name)).orElseThrow(() -> unknown(name));
    }

    @Nullable PartyId optionalParty(String name) {
        return has(name) ? party(name) : null;
    }

    DeclarationId declaration() {
        return DeclarationId.parse(text("declaration")).orElseThrow(() -> unknown("declaration"));
    }

    MandateId mandate() {
        return MandateId.parse(text("mandate")).orElseThrow(() -> unknown("mandate"));
    }

    DisputeId dispute() {
        return DisputeId.parse(text("dispute")).orElseThrow(() -> unknown("dispute"));
    }

    OfferId offer() {
        return OfferId.parse(text("offer")).orElseThrow(() -> unknown("offer"));
    }

    LicenseRequestId licenseRequest() {
        return LicenseRequestId.parse(text("request")).orElseThrow(() -> unknown("request"));
    }

    ReportId report() {
        return ReportId.parse(text("report")).orElseThrow(() -> unknown("report"));
    }

    List<DeclarationId> declarations(String name) {
        return texts(name).stream()
                .map(id -> DeclarationId.parse(id).orElseThrow(() -> unknown(name)))
                .toList();
    }

    GrantId grant(String name) {
        return GrantId.parse(text(name)).orElseThrow(() -> unknown(name));
    }

    /** Reads a whole number from 0 to 9,999. */
    int whole(String name) {
        if (tree.get(name) instanceof Number number && number.longValue() >= 0 && number.longValue() < 10_000) {
            return number.intValue();
        }
        throw unknown(name);
    }

    /** Reads a position of the ledger. */
    long position(String name) {
        if (tree.get(name) instanceof Number number && number.longValue() > 0) {
            return number.longValue();
        }
        throw unknown(name);
    }

    @Nullable String commitment() {
        return optionalText("commitment");
    }

    Subject subject() {
        return Subject.ofStored(text("subject"));
    }

    List<Subject> subjects(String name) {
        return texts(name).stream().map(Subject::ofStored).toList();
    }

    List<SubjectScheme> schemes(String name) {
        return texts(name).stream()
                .map(scheme -> SubjectScheme.named(scheme).orElseThrow(() -> unknown("scheme")))
                .toList();
    }

    List<Use> uses(String name) {
        return texts(name).stream()
                .map(use -> Use.named(use).orElseThrow(() -> unknown("use")))
                .toList();
    }

    /** Reads the period from {@code validFrom} and {@code validTo}. */
    Period period() {
        return new Period(moment("validFrom"), moment("validTo"));
    }

    @Nullable Instant moment(String name) {
        return tree.get(name) instanceof String text ? Instant.parse(text) : null;
    }

    List<String> texts(String name) {
        return tree.get(name) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    String text(String name) {
        if (tree.get(name) instanceof String text) {
            return text;
        }
        throw unknown(name);
    }

    @Nullable String optionalText(String name) {
        return (String) tree.get(name);
    }

    boolean isTrue(String name) {
        return Boolean.TRUE.equals(tree.get(name));
    }

    boolean has(String name) {
        return tree.containsKey(name);
    }

    static IllegalArgumentException unknown(String what) {
        return new IllegalArgumentException("unknown entry: its " + what + " is missing or not known");
    }
}
