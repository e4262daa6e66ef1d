package org.askfirst.registry.olp;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.askfirst.license.LicenseTerms;
import org.askfirst.license.ModelScope;
import org.askfirst.license.Price;
import org.askfirst.verdict.Use;
import org.joda.money.BigMoney;
import org.jspecify.annotations.Nullable;

/** Writes elements and documents of RSL 1.0. */
final class RslWriter {
    private RslWriter() {}

    /**
     * Returns the element of a license.
     *
     * @param leaves the permitted leaves
     * @param standard the address of the offer or the grant; null if everybody has the license
     */
    static String license(Set<Use> leaves, LicenseTerms terms, @Nullable String standard) {
        StringBuilder xml = begin(leaves);
        if (!terms.territory().isWorld()) {
            xml.append("<permits type=\"geo\">")
                    .append(String.join(" ", terms.territory().countries()))
                    .append("</permits>");
        }
        Price price = terms.price();
        xml.append("<payment type=\"").append(payment(terms)).append("\">");
        if (standard != null) {
            xml.append("<standard>").append(escaped(standard)).append("</standard>");
        }
        BigMoney amount = price.amount();
        if (amount != null && payment(terms).equals("purchase")) {
            xml.append("<amount currency=\"")
                    .append(amount.getCurrencyUnit().getCode())
                    .append("\">")
                    .append(amount.getAmount().toPlainString())
                    .append("</amount>");
        }
        xml.append("</payment>");
        if (terms.model().kind() != ModelScope.Kind.ANY) {
            xml.append(model(terms.model()));
        }
        return xml.append("</license>").toString();
    }

    /** Returns the element of a license about which somebody is to be asked, or that everybody has. */
    static String license(Set<Use> leaves, @Nullable String custom) {
        StringBuilder xml = begin(leaves);
        if (custom == null) {
            xml.append("<payment type=\"free\"/>");
        } else {
            xml.append("<payment type=\"purchase\"><custom>")
                    .append(escaped(custom))
                    .append("</custom></payment>");
        }
        return xml.append("</license>").toString();
    }

    /** Returns the element that prohibits uses. */
    static String prohibition(Set<Use> leaves) {
        return "<license" + namespace(leaves) + "><prohibits type=\"usage\">" + RslUsage.tokens(leaves)
                + "</prohibits></license>";
    }

    private static StringBuilder begin(Set<Use> leaves) {
        return new StringBuilder("<license")
                .append(namespace(leaves))
                .append("><permits type=\"usage\">")
                .append(RslUsage.tokens(leaves))
                .append("</permits>");
    }

    /** The namespace is declared here and not at the root, because clients cut licenses out of documents. */
    private static String namespace(Set<Use> leaves) {
        return RslUsage.tokens(leaves).contains(RslUsage.PREFIX + ":")
                ? " xmlns:" + RslUsage.PREFIX + "=\"" + RslUsage.NAMESPACE + "\""
                : "";
    }

    private static String payment(LicenseTerms terms) {
        return switch (terms.price().basis()) {
            case FREE -> "free";
            case FLAT, PER_WORK -> "purchase";
            case PER_UNIT -> "use";
            case REVENUE_SHARE, POOL, NEGOTIATED ->
                terms.leaves().contains(Use.GENERATIVE_AI_TRAINING) ? "training" : "use";
        };
    }

    private static String model(ModelScope model) {
        return "<" + RslUsage.PREFIX + ":model xmlns:" + RslUsage.PREFIX + "=\"" + RslUsage.NAMESPACE + "\" scope=\""
                + model.kind().wireName() + "\""
                + (model.name() == null ? "" : " name=\"" + escaped(model.name()) + "\"")
                + (model.version() == null ? "" : " version=\"" + escaped(model.version()) + "\"")
                + "/>";
    }

    /**
     * Returns a document about one resource.
     *
     * @param url the resource
     * @param server the address of the license server
     * @param licenses the elements of the licenses
     * @param contacts the addresses of those to ask, as mail or web addresses
     */
    static String document(String url, String server, Iterable<String> licenses, Iterable<String> contacts) {
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
                .append("<rsl xmlns=\"https://rslstandard.org/rsl\">\n  <content url=\"")
                .append(escaped(url))
                .append("\" server=\"")
                .append(escaped(server))
                .append("\">\n");
        licenses.forEach(license -> xml.append("    ").append(license).append('\n'));
        for (String contact : contacts) {
            boolean isMail = contact.toLowerCase(Locale.ROOT).startsWith("mailto:");
            xml.append("    <copyright ")
                    .append(isMail ? "contactEmail" : "contactUrl")
                    .append("=\"")
                    .append(escaped(isMail ? contact.substring("mailto:".length()) : contact))
                    .append("\"/>\n");
        }
        return xml.append("  </content>\n</rsl>\n").toString();
    }

    /** Returns the text for XML; characters that XML does not have become spaces. */
    static String escaped(String text) {
        return text.codePoints()
                .mapToObj(c -> switch (c) {
                    case '&' -> "&amp;";
                    case '<' -> "&lt;";
                    case '>' -> "&gt;";
                    case '"' -> "&quot;";
                    default -> isXml(c) ? Character.toString(c) : " ";
                })
                .collect(Collectors.joining());
    }

    private static boolean isXml(int c) {
        return c >= ' ' && (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) && c != 0xFFFE && c != 0xFFFF;
    }
}
