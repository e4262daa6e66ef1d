package org.askfirst.problem;

/**
 * The catalogue of reasons why a member of a request is refused. Programs compare the word.
 *
 * <p>A published word keeps its meaning; new words are added. {@code docs/problems.md} and the contract list the same
 * reasons with the same meanings, the pages have a sentence for each, and tests compare them all.
 */
public enum Reason {
    MISSING("missing", "It is required and absent."),
    UNKNOWN_MEMBER("unknown-member", "There is no member or parameter of this name."),
    NOT_A_STRING("not-a-string", "It must be a string."),
    NOT_A_LIST("not-a-list", "It must be a list."),
    NOT_AN_OBJECT("not-an-object", "It must be an object."),
    NOT_A_WHOLE_NUMBER("not-a-whole-number", "It must be a whole number."),
    NOT_A_BOOLEAN("not-a-boolean", "It must be `true` or `false`."),
    EMPTY("empty", "It is present and has no content."),
    TOO_LONG("too-long", "It has more characters than it may have."),
    TOO_MANY("too-many", "It has more elements than it may have."),
    TOO_DEEP("too-deep", "It is nested deeper than it may be."),
    OUT_OF_RANGE("out-of-range", "The number lies outside the bounds that `detail` names."),
    UNKNOWN_VALUE("unknown-value", "It is none of the values that `detail` lists."),
    MALFORMED("malformed", "It is not written as the contract describes."),
    WRONG_CHARACTERS("wrong-characters", "It has characters that it must not have."),
    DUPLICATE("duplicate", "The list has the same value twice."),
    CONFLICT("conflict", "It contradicts another part of the request."),
    NOT_AFTER_START("not-after-start", "The end is not later than the beginning."),
    PAST("past", "The time has passed already."),
    FUTURE("future", "The time is in the future."),
    FIXED("fixed", "An amendment cannot change this."),
    SYNTAX_ERROR("syntax-error", "The text breaks the rules of its format, JSON or CSV."),
    DUPLICATE_MEMBER("duplicate-member", "An object names the same member twice."),
    NOT_UTF_8("not-utf-8", "The text is not UTF-8."),
    NO_CANONICAL_FORM("no-canonical-form", "The request has no canonical form (RFC 8785), so it cannot be signed."),
    UNKNOWN_SCHEME("unknown-scheme", "The subject does not begin with a known scheme."),
    WRONG_SHAPE("wrong-shape", "The subject does not have the shape of its scheme, such as its number of digits."),
    WRONG_CHECK_DIGIT("wrong-check-digit", "The check digit does not fit the others."),
    UNREADABLE_HOST("unreadable-host", "The host of the address cannot be read."),
    NOT_ON_THE_WEB("not-on-the-web", "The address is not one on the web."),
    PLACEHOLDER("placeholder", "The number fills a gap, such as one of zeros only, and names no work."),
    SEVERAL_SUBJECTS("several-subjects", "The text has more than one subject; give each by itself."),
    AMBIGUOUS("ambiguous", "The text can be read as more than one subject."),
    CUT_OFF("cut-off", "A spreadsheet has cut off the last digits of the number."),
    NOT_COMPUTED("not-computed", "The file has no result of the formula in this cell."),
    GARBLED("garbled", "The text has characters that could not be read in the encoding of the file."),
    NAMES_NO_WORK("names-no-work", "The row has neither an identifier nor a title."),
    IMPOSSIBLE_HOST("impossible-host", "No host can have this name."),
    NOT_PUBLIC_HOST(
            "not-public-host", "The host is not on the public internet, so it is another machine for each asker."),
    WILDCARD("wildcard", "The address has a wildcard, which is not applied; declare the directory instead."),
    UNKNOWN_ACCOUNT("unknown-account", "The platform is not known, or has no account with this id."),
    PUBLIC_SUFFIX("public-suffix", "Anybody can have a name below this domain, so nobody can declare all of it."),
    REGISTRATION_GROUP("registration-group", "The prefix belongs to a country or language and to no publisher."),
    UNKNOWN_PARTY("unknown-party", "There is no such party."),
    OWN_PARTY("own-party", "A party cannot name itself here."),
    NO_CONTACT("no-contact", "An asker would not learn whom to ask."),
    UNKNOWN_MANDATE("unknown-mandate", "The party has no such mandate."),
    MANDATE_NOT_IN_FORCE("mandate-not-in-force", "The mandate is not in force now."),
    MANDATE_ENDED(
            "mandate-ended", "The mandate has ended, and only the member can withdraw what was declared under it."),
    OUTSIDE_MANDATE_SCHEMES("outside-mandate-schemes", "The mandate does not cover subjects of this scheme."),
    OUTSIDE_MANDATE_USES("outside-mandate-uses", "The mandate does not cover this use."),
    OUTSIDE_MANDATE_TERRITORY(
            "outside-mandate-territory",
            "The mandate is for some countries, and a permission without terms would apply everywhere."),
    CONTROL_NOT_CHECKABLE("control-not-checkable", "The registry cannot check who controls this subject."),
    MAY_NOT_CONFIRM("may-not-confirm", "The party does not let this body confirm who asks for a new key, or not yet."),
    CONTROL_NOT_PROVED("control-not-proved", "The party has not proved that it controls this subject."),
    NO_STATEMENT("no-statement", "No statement of the party counts for this work and these uses."),
    DISPUTED("disputed", "A dispute about it runs, and this would permit more than before."),
    NOT_HONOURED("not-honoured", "This operation cannot honour the header.");

    private final String word;
    private final String meaning;

    Reason(String word, String meaning) {
        this.word = word;
        this.meaning = meaning;
    }

    /** Returns the word that callers see: lower case, hyphenated, never changed. */
    public String word() {
        return word;
    }

    /** Returns one sentence that describes when this reason applies. */
    public String meaning() {
        return meaning;
    }
}
