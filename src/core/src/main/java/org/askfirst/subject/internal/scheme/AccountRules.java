package org.askfirst.subject.internal.scheme;

import org.askfirst.problem.Reason;
import org.askfirst.subject.internal.text.Refusal;
import org.askfirst.subject.internal.text.Spelling;
import org.askfirst.subject.internal.web.PlatformTable;
import org.askfirst.subject.internal.web.SuffixList;
import org.askfirst.subject.internal.web.UrlCanonicalizer;
import org.askfirst.subject.internal.web.WebAddress;

/**
 * Everything that somebody publishes with one account, or in one series, of a platform: {@code platform:id}.
 *
 * <p>The table of platforms says how ids are written. A value that the table does not know stays as it is and can be
 * asked, so that a declared account stays readable when a row is removed.
 */
public final class AccountRules implements SchemeRules {
    private static final int MAX_LENGTH = 128;
    private static final int MAX_PLATFORM = 32;

    @Override
    public String parse(String untrusted) {
        String plain = Spelling.plain(untrusted);
        if (plain.contains("://")) {
            PlatformTable.Account account = PlatformTable.bundled().find(WebAddress.of(UrlCanonicalizer.url(plain, 0)));
            if (account == null) {
                throw Refusal.SHAPE.because(Refusal.quote(plain) + " carries no account of a known platform");
            }
            return "account:" + account.value();
        }
        int colon = plain.indexOf(':');
        String platform =
                Spelling.asciiLower(colon < 0 ? "" : plain.substring(0, colon).strip());
        String id = plain.substring(colon + 1).strip();
        if (!isPlatform(platform) || id.isEmpty()) {
            throw Refusal.SHAPE.because(
                    "an account is a platform, a colon and an id, as in account:instagram:moon_toon;" + " this is "
                            + Refusal.quote(plain));
        }
        if (id.length() > MAX_LENGTH) {
            throw Refusal.TOO_LONG.because("the id of an account may have at most " + MAX_LENGTH + " characters");
        }
        // After a slash it would be read as an address the second time.
        if (id.charAt(0) == '/' || id.chars().anyMatch(c -> Character.isWhitespace(c) || c == ':')) {
            throw Refusal.CHARACTERS.because(Refusal.quote(id) + " is not the id of an account");
        }
        String known = PlatformTable.bundled().id(platform, id);
        return "account:" + platform + ":" + (known == null ? id : known);
    }

    private static boolean isPlatform(String name) {
        return !name.isEmpty()
                && name.length() <= MAX_PLATFORM
                && name.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-');
    }

    @Override
    public int specificity(String value, SuffixList suffixes) {
        return Specificity.ACCOUNT;
    }

    /** Adds nothing: nothing but the account itself reaches it. */
    @Override
    public void containers(String value, Containers to) {}

    @Override
    public void requireDeclarable(String value, SuffixList suffixes) {
        int colon = value.indexOf(':');
        String platform = value.substring(0, colon);
        String id = value.substring(colon + 1);
        if (!id.equals(PlatformTable.bundled().id(platform, id))) {
            throw Declarability.undeclarable(
                    Reason.UNKNOWN_ACCOUNT,
                    PlatformTable.bundled().has(platform)
                            ? Refusal.quote(platform) + " has no account " + Refusal.quote(id)
                            : "the platform " + Refusal.quote(platform) + " is not known; declare the address");
        }
    }
}
