package org.askfirst.registry.olp;

import java.io.StringReader;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.askfirst.license.Decimals;
import org.askfirst.license.ModelScope;
import org.askfirst.license.Price;
import org.askfirst.license.Territory;
import org.askfirst.registry.http.Members;
import org.askfirst.verdict.Use;
import org.joda.money.BigMoney;
import org.jspecify.annotations.Nullable;

/**
 * The {@code <license>} element of RSL 1.0 by which a client says which license it wants.
 *
 * @param uses the uses; those that it permits without those that it prohibits
 * @param territory the countries; null if it names none
 * @param model the models, from the extension element {@code model}; null if it names none
 * @param users the classes of users, for the licensor to read; empty if it names none
 * @param standard the address of an offer or of a grant of this registry, whose terms the client accepts; null without
 *     one
 * @param price the price that the client proposes
 */
record RslLicense(
        Set<Use> uses,
        @Nullable Territory territory,
        @Nullable ModelScope model,
        Set<String> users,
        @Nullable String standard,
        Price price) {
    private static final String RSL = "https://rslstandard.org/rsl";
    private static final int MAX_ELEMENTS = 200;
    private static final List<String> USERS =
            List.of("commercial", "non-commercial", "education", "government", "personal");
    private static final List<String> PAYMENTS =
            List.of("purchase", "subscription", "training", "crawl", "use", "contribution", "attribution", "free");

    /** The members of the European Union, for RSL's token {@code EU}. */
    private static final List<String> EU = List.of(
            "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU",
            "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK");

    /**
     * Reads the element.
     *
     * @throws OlpRefusal {@code invalid_license}
     */
    static RslLicense parse(String xml) {
        try {
            XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
            factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
            factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
            factory.setProperty(XMLInputFactory.IS_COALESCING, true);
            return new Reading(factory.createXMLStreamReader(new StringReader(xml))).license();
        } catch (XMLStreamException malformed) {
            throw refused("The license is not well-formed XML without a document type");
        }
    }

    private static OlpRefusal refused(String description) {
        return new OlpRefusal(OlpRefusal.Kind.INVALID_LICENSE, description);
    }

    /** One reading of an element. */
    private static final class Reading {
        private final XMLStreamReader xml;
        private final Set<Use> permitted = EnumSet.noneOf(Use.class);
        private final Set<Use> prohibited = EnumSet.noneOf(Use.class);
        private final Set<String> users = new TreeSet<>();
        private final Set<String> seen = new HashSet<>();
        private @Nullable Territory territory;
        private @Nullable ModelScope model;
        private @Nullable String standard;
        private @Nullable BigMoney amount;
        private String payment = "free";
        private int elements;

        Reading(XMLStreamReader xml) {
            this.xml = xml;
        }

        RslLicense license() throws XMLStreamException {
            next();
            if (!isRsl() || !xml.getLocalName().equals("license")) {
                throw refused("Send one license element of RSL 1.0");
            }
            while (next()) {
                if (!isRsl()) {
                    extension();
                    continue;
                }
                switch (xml.getLocalName()) {
                    case "permits" -> permits();
                    case "prohibits" -> prohibits();
                    case "payment" -> payment();
                    case "reporting", "legal" -> skip();
                    default -> throw unknownElement();
                }
            }
            while (xml.hasNext()) {
                refuseDocumentType(xml.next());
            }
            return result();
        }

        private RslLicense result() {
            Set<Use> uses = EnumSet.noneOf(Use.class);
            uses.addAll(permitted);
            if (!prohibited.isEmpty()) {
                uses = RslUsage.leaves(permitted);
                uses.removeAll(RslUsage.leaves(prohibited));
            }
            if (uses.isEmpty()) {
                throw refused(
                        "The license permits no usage; name it, as in <permits type=\"usage\">ai-train</permits>");
            }
            return new RslLicense(uses, territory, model, users, standard, price());
        }

        private Price price() {
            if (payment.equals("free")) {
                return Price.FREE;
            }
            return payment.equals("purchase") && amount != null ? Price.flat(amount) : Price.NEGOTIATED;
        }

        /** Moves to the next child of the element. Returns false at its end. */
        private boolean next() throws XMLStreamException {
            while (true) {
                int event = xml.next();
                refuseDocumentType(event);
                if (event == XMLStreamConstants.START_ELEMENT) {
                    if (++elements > MAX_ELEMENTS) {
                        throw refused("The license has more than " + MAX_ELEMENTS + " elements");
                    }
                    return true;
                }
                if (event == XMLStreamConstants.END_ELEMENT) {
                    return false;
                }
                if (event == XMLStreamConstants.CHARACTERS && !xml.isWhiteSpace()) {
                    throw refused("There is text where RSL 1.0 has only elements");
                }
            }
        }

        private static void refuseDocumentType(int event) {
            if (event == XMLStreamConstants.DTD || event == XMLStreamConstants.ENTITY_REFERENCE) {
                throw refused("The license may not have a document type");
            }
        }

        /** Returns true in RSL's namespace. A license that was cut out of its document often has none. */
        private boolean isRsl() {
            String namespace = xml.getNamespaceURI();
            return namespace == null || namespace.isEmpty() || namespace.equals(RSL);
        }

        private OlpRefusal unknownElement() {
            return refused("RSL 1.0 has no element " + Members.shown(xml.getLocalName()) + " here");
        }

        private String type() {
            String type = xml.getAttributeValue(null, "type");
            String named = xml.getLocalName() + " of the type " + type;
            if (type == null || !seen.add(named)) {
                throw refused(type == null ? "An element has no attribute type" : "The license has two " + named);
            }
            return type;
        }

        private void permits() throws XMLStreamException {
            switch (type()) {
                case "usage" -> permitted.addAll(RslUsage.parse(xml.getElementText(), xml::getNamespaceURI));
                case "geo" -> territory = territory(xml.getElementText());
                case "user" -> users(xml.getElementText());
                default -> throw refused("RSL 1.0 permits usage, user and geo, and nothing else");
            }
        }

        private void prohibits() throws XMLStreamException {
            if (!type().equals("usage")) {
                throw refused("Name the users and the countries that you want; prohibits works for usage only");
            }
            prohibited.addAll(RslUsage.parse(xml.getElementText(), xml::getNamespaceURI));
        }

        private static Territory territory(String text) {
            Set<String> codes = new TreeSet<>();
            for (String code : text.strip().split("\\s+", -1)) {
                if (code.equals("EU")) {
                    codes.addAll(EU);
                } else if (Territory.isCountry(code)) {
                    codes.add(code);
                } else {
                    throw refused("ISO 3166-1 has no country " + Members.shown(code) + "; spaces separate codes");
                }
            }
            return Territory.parse(codes);
        }

        private void users(String text) {
            for (String user : text.strip().split("\\s+", -1)) {
                if (!USERS.contains(user)) {
                    throw refused("RSL 1.0 has no user " + Members.shown(user) + "; its tokens are "
                            + String.join(", ", USERS) + ", and spaces separate them");
                }
                users.add(user);
            }
        }

        private void payment() throws XMLStreamException {
            if (!seen.add("payment")) {
                throw refused("Name the one payment that you accept");
            }
            String type = xml.getAttributeValue(null, "type");
            payment = type == null ? "" : type;
            if (!PAYMENTS.contains(payment)) {
                throw refused("RSL 1.0 has these types of payment: " + String.join(", ", PAYMENTS));
            }
            while (next()) {
                if (!isRsl()) {
                    skip();
                    continue;
                }
                switch (xml.getLocalName()) {
                    case "standard" -> standard = xml.getElementText().strip();
                    case "amount" -> amount();
                    case "custom", "accepts" -> skip();
                    default -> throw unknownElement();
                }
            }
        }

        private void amount() throws XMLStreamException {
            String currency = xml.getAttributeValue(null, "currency");
            String number = xml.getElementText().strip();
            if (currency == null
                    || !Price.isCurrency(currency)
                    || !Decimals.PATTERN.matcher(number).matches()) {
                throw refused("An amount is a decimal number with an attribute currency, a code of ISO 4217");
            }
            amount = Price.money(number, currency);
            if (amount.getAmount().compareTo(BigDecimal.ZERO) == 0) {
                amount = null;
            }
        }

        private void extension() throws XMLStreamException {
            if (!RslUsage.NAMESPACE.equals(xml.getNamespaceURI())) {
                skip();
                return;
            }
            if (!xml.getLocalName().equals("model") || !seen.add("model")) {
                throw refused("The namespace " + RslUsage.NAMESPACE + " has one element here: model, once");
            }
            ModelScope.Kind kind = ModelScope.Kind.named(String.valueOf(xml.getAttributeValue(null, "scope")))
                    .orElseThrow(() -> refused("The scope of a model is model-version, model or any"));
            String name = xml.getAttributeValue(null, "name");
            String version = xml.getAttributeValue(null, "version");
            boolean isNamed = kind == ModelScope.Kind.ANY || name != null;
            if (!isNamed || (kind == ModelScope.Kind.MODEL_VERSION && version == null)) {
                throw refused("Name the model, and its version if the scope is model-version");
            }
            try {
                model = new ModelScope(kind, name, version);
            } catch (IllegalArgumentException odd) {
                throw refused("The model is malformed: " + odd.getMessage());
            }
            skip();
        }

        /** Skips the rest of the element. */
        private void skip() throws XMLStreamException {
            int depth = 1;
            while (depth > 0) {
                int event = xml.next();
                refuseDocumentType(event);
                if (event == XMLStreamConstants.START_ELEMENT) {
                    depth++;
                    if (++elements > MAX_ELEMENTS) {
                        throw refused("The license has more than " + MAX_ELEMENTS + " elements");
                    }
                } else if (event == XMLStreamConstants.END_ELEMENT) {
                    depth--;
                }
            }
        }
    }

    /** Returns the lines that say what is asked, for the purpose of a license request. */
    String purpose() {
        List<String> parts = new ArrayList<>(List.of("Asked by the Open License Protocol of RSL."));
        if (!users.isEmpty()) {
            parts.add("Users: " + String.join(", ", users) + ".");
        }
        return String.join(" ", parts);
    }
}
