package org.askfirst.registry.declaration;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.askfirst.entry.Content;
import org.askfirst.entry.Market;
import org.askfirst.entry.Payment;
import org.askfirst.entry.Repertoire;
import org.askfirst.entry.Terms;
import org.askfirst.entry.Work;
import org.askfirst.id.MandateId;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.Findings;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.mandate.MandateRequest;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Stance;
import org.askfirst.verdict.Stances;
import org.askfirst.verdict.Use;
import org.jspecify.annotations.Nullable;

/** {@code DeclarationRequest}, read strictly. */
public final class DeclarationRequest {
    private static final int MAX_SUBJECTS = 100;
    static final int MAX_REFERENCE = 128;
    static final int MAX_TITLE = 1000;
    static final int MAX_CREATORS = 100;
    static final int MAX_NAME = 500;
    public static final int MAX_KIND = 100;
    private static final int MAX_TEXT = 4000;
    private static final int MAX_TERRITORIES = 250;
    private static final int MAX_AMOUNT = 19;

    private static final int MAX_OFFERS = 20;
    private static final int DATE_LENGTH = 10;
    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");

    private static final List<String> USES =
            Arrays.stream(Use.values()).map(Use::wireName).toList();
    private static final List<String> STANCES =
            Arrays.stream(Stance.values()).map(Stance::wireName).toList();
    private static final List<String> PAYMENTS =
            List.of("purchase", "subscription", "training", "crawl", "use", "contribution", "attribution", "free");
    private static final List<String> PURPOSES = List.of("research", "non-research");
    private static final List<String> USER_CLASSES =
            List.of("commercial", "non-commercial", "education", "government", "personal");
    private static final Pattern AMOUNT = Pattern.compile("[0-9]{1,12}(\\.[0-9]{1,6})?");
    private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");
    private static final Pattern TERRITORY = Pattern.compile("[A-Z]{2}");

    private DeclarationRequest() {}

    /**
     * A declaration that was read.
     *
     * @param reference the party's own string for it; null if it gives none
     */
    public record Parsed(Content content, @Nullable String reference) {}

    /**
     * Reads a declaration. Its subjects are empty if the party left them out and the registry fills them in.
     *
     * @param reachable true if somebody can be asked even if the terms have no contact
     * @param now for refusing a period that is past
     * @param mayLeaveOutSubjects true for an amendment, which may keep the subjects of the declaration
     * @throws org.askfirst.problem.ProblemException with a violation for each wrong member
     */
    public static Parsed parse(JsonNode body, boolean reachable, Instant now, boolean mayLeaveOutSubjects) {
        Members members = Members.of(
                body,
                "subjects",
                "stances",
                "terms",
                "validFrom",
                "validTo",
                "work",
                "mandate",
                "market",
                "repertoire",
                "reference");
        List<Subject> subjects = members.parsedList("subjects", MAX_SUBJECTS, text -> {
            Subject subject = Subject.parse(text);
            subject.requireDeclarable();
            return subject;
        });
        Repertoire repertoire = repertoire(members);
        if (members.has("repertoire") && (members.hasList("subjects") || members.has("work"))) {
            members.refuse(
                    "repertoire",
                    Reason.CONFLICT,
                    "a repertoire applies to the subjects that it lists; leave out subjects and work, and list them"
                            + " after the repertoire is declared");
        } else if (!members.hasList("subjects")
                && !members.has("work")
                && !members.has("repertoire")
                && !mayLeaveOutSubjects) {
            members.refuse(
                    "subjects",
                    Reason.MISSING,
                    "name at least one subject, such as \"isbn:9788936434120\"; or, for a work without file, link or"
                            + " number, describe it in work");
        }
        Map<Use, Stance> stances = stances(members);
        Terms terms = terms(members);
        Period period = period(members);
        requireNotPast(members.findings(), period, now);
        Work work = work(members);
        MandateId mandate = MandateRequest.id(members, "mandate");
        Market market = market(members);
        String reference = reference(members);
        requireContact(members.findings(), stances, terms, reachable);
        members.finish();
        return new Parsed(
                new Content(subjects, Stances.of(stances), terms, period, work, mandate, market, repertoire),
                reference);
    }

    /**
     * Reads the part that all rows of a file have in common from a plan with {@code stances}.
     *
     * @param mandate that the caller has already read from the plan
     * @param kind that the caller has already read from the plan
     * @return null if the plan has a violation, which {@code plan} has collected
     */
    public static @Nullable DeclarationTemplate template(
            Members plan, @Nullable MandateId mandate, @Nullable String kind) {
        Map<Use, Stance> stances = stances(plan);
        Terms terms = terms(plan);
        Period period = period(plan);
        return plan.isSound() ? new DeclarationTemplate(Stances.of(stances), terms, period, mandate, kind) : null;
    }

    static void requireContact(Findings findings, Map<Use, Stance> stances, Terms terms, boolean reachable) {
        if (stances.containsValue(Stance.PERMITTED_WITH_TERMS) && !terms.isContactable() && !reachable) {
            findings.add(
                    "/terms",
                    Reason.NO_CONTACT,
                    "permitted-with-terms needs a contact or a license here, or a contact of the party: whoever"
                            + " asks must learn whom to ask");
        }
    }

    static void requireNotPast(Findings findings, Period period, Instant now) {
        Instant to = period.to();
        if (to != null && !to.isAfter(now)) {
            findings.add(
                    "/validTo", Reason.PAST, "this moment is in the past; the declaration would never be in force");
        }
    }

    private static @Nullable String reference(Members members) {
        String reference = members.optionalText("reference", MAX_REFERENCE);
        JsonNode raw = members.raw("reference");
        if (reference != null && raw != null && raw.textValue().chars().anyMatch(Character::isISOControl)) {
            members.refuse(
                    "reference", Reason.WRONG_CHARACTERS, "the string has a control character, such as a line end");
            return null;
        }
        return reference;
    }

    private static @Nullable Repertoire repertoire(Members members) {
        Members repertoire = members.object("repertoire", "title");
        String title = repertoire == null ? null : repertoire.text("title", MAX_TITLE);
        return title == null ? null : new Repertoire(title);
    }

    private static Map<Use, Stance> stances(Members members) {
        Map<Use, Stance> stances = new EnumMap<>(Use.class);
        Members stated = members.object("stances", USES.toArray(String[]::new));
        if (stated == null || stated.size() == 0) {
            if (!members.has("stances") || stated != null) {
                members.refuse(
                        "stances",
                        stated == null ? Reason.MISSING : Reason.EMPTY,
                        "give at least one stance, such as {\"ai-training\":\"reserved\"}");
            }
            return stances;
        }
        for (Use use : Use.values()) {
            String stance = stated.optionalChoice(use.wireName(), STANCES);
            if (stance != null) {
                stances.put(use, Stance.named(stance).orElseThrow());
            }
        }
        return stances;
    }

    private static Terms terms(Members members) {
        Members terms = members.object(
                "terms",
                "contact",
                "license",
                "policy",
                "payment",
                "attribution",
                "purpose",
                "userClass",
                "territory",
                "text");
        if (terms == null) {
            return Terms.NONE;
        }
        return new Terms(
                terms.optionalContact("contact"),
                terms.optionalWebAddress("license"),
                terms.optionalWebAddress("policy"),
                payment(terms),
                terms.optionalText("attribution", MAX_NAME),
                terms.optionalChoice("purpose", PURPOSES),
                terms.optionalChoices("userClass", USER_CLASSES.size(), USER_CLASSES),
                terms.optionalTexts(
                        "territory", MAX_TERRITORIES, TERRITORY, "an ISO 3166-1 code of two capitals, or EU"),
                terms.optionalText("text", MAX_TEXT));
    }

    private static @Nullable Payment payment(Members terms) {
        Members payment = terms.object("payment", "type", "amount", "currency");
        if (payment == null) {
            return null;
        }
        payment.require("type", PAYMENTS);
        String type = payment.optionalChoice("type", PAYMENTS);
        String amount =
                payment.optionalText("amount", MAX_AMOUNT, AMOUNT, "a decimal number as a string, such as \"0.05\"");
        String currency = payment.optionalText("currency", 3, CURRENCY, "an ISO 4217 code such as KRW");
        if (payment.has("amount") != payment.has("currency")) {
            payment.refuse(
                    payment.has("amount") ? "currency" : "amount",
                    Reason.MISSING,
                    "give an amount and its currency together");
        }
        return type == null ? null : new Payment(type, amount, currency);
    }

    private static Period period(Members members) {
        Instant from = members.optionalMoment("validFrom");
        Instant to = members.optionalMoment("validTo");
        if (from != null && to != null && !from.isBefore(to)) {
            members.refuse("validTo", Reason.NOT_AFTER_START, "give a moment later than validFrom");
            return Period.ALWAYS;
        }
        return new Period(from, to);
    }

    private static @Nullable Work work(Members members) {
        Members work = members.object("work", "title", "creators", "kind");
        if (work == null) {
            return null;
        }
        String title = work.text("title", MAX_TITLE);
        List<String> creators = work.optionalTexts("creators", MAX_CREATORS, MAX_NAME);
        String kind = work.optionalText("kind", MAX_KIND);
        return title == null ? null : new Work(title, creators, kind);
    }

    private static @Nullable Market market(Members members) {
        Members market = members.object("market", "rightsholderIdentified", "offers");
        if (market == null) {
            return null;
        }
        if (!market.has("rightsholderIdentified")) {
            market.refuse(
                    "rightsholderIdentified",
                    Reason.MISSING,
                    "give true if the rightsholder is identified, else false");
        }
        boolean identified = market.isTrue("rightsholderIdentified");
        List<Market.Offer> offers = new ArrayList<>();
        for (Members offer :
                market.objects("offers", MAX_OFFERS, "market", "licensor", "contact", "since", "evidence")) {
            String name = offer.text("market", MAX_NAME);
            String since = offer.optionalText("since", DATE_LENGTH, DATE, "a date such as 2019-03-01");
            LocalDate date = date(offer, since);
            String licensor = offer.optionalText("licensor", MAX_NAME);
            String contact = offer.optionalContact("contact");
            String evidence = offer.optionalWebAddress("evidence");
            if (name != null) {
                offers.add(new Market.Offer(name, licensor, contact, date, evidence));
            }
        }
        return new Market(identified, offers);
    }

    private static @Nullable LocalDate date(Members offer, @Nullable String text) {
        try {
            return text == null ? null : LocalDate.parse(text);
        } catch (DateTimeException impossible) {
            offer.refuse("since", Reason.MALFORMED, "the calendar has no day " + Members.shown(text));
            return null;
        }
    }
}
