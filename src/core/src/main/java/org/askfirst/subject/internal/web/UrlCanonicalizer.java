package org.askfirst.subject.internal.web;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.askfirst.subject.internal.text.Invisible;
import org.askfirst.subject.internal.text.PercentCoding;
import org.askfirst.subject.internal.text.Refusal;
import org.askfirst.subject.internal.text.Spelling;

/**
 * Makes addresses on the web canonical: {@code https://host/path?query}, in ASCII.
 *
 * <p>The rules are those of Safe Browsing v5 ("URLs and Hashing"), with the deviations in {@code
 * docs/formats/subjects.md}. Scheme, user and port are dropped, and a constant {@code https://} takes their place, so
 * every canonical string can be opened.
 *
 * <p>Used by one thread, for one address. The cost is linear in the length of the input, which is bounded.
 */
public final class UrlCanonicalizer {
    /** The greatest length of a canonical address in bytes: the limit of most servers and crawlers. */
    public static final int MAX_LENGTH = 8192;

    /** The greatest length of the input in characters. Nested escapes may make it longer than the canonical address. */
    public static final int MAX_INPUT_LENGTH = 4 * MAX_LENGTH;

    /** The scheme of every canonical address. */
    public static final String PREFIX = "https://";

    private static final String URL_PREFIX = "url:" + PREFIX;
    private static final String UNDER_PREFIX = "under:" + PREFIX;

    /** The schemes whose addresses name the same thing as the https address does. */
    private static final Set<String> WEB_SCHEMES = Set.of(
            "http", "https", "ws", "wss", "ftp", "ftps", "sftp", "rtsp", "rtsps", "rtmp", "rtmps", "mms", "gopher",
            "gemini", "feed");

    private static final int LONGEST_WEB_SCHEME = 6;

    /**
     * The last labels that are top-level domains and, far more often, the ends of file names. A file name is no address
     * unless a scheme stands in front.
     */
    private static final Set<String> FILE_TYPES = Set.of("zip", "mov", "mobi", "md", "py", "sh", "ps", "cab");

    /** Matches a second address behind a separator. An address inside of another follows a slash or an equals sign. */
    private static final Pattern SECOND =
            Pattern.compile("(?i)[\\s\\p{Z},;|\\u3001\\uFF0C\\uFF1B\\u00B7][\\s\\p{Z}(\\[<\"']*+"
                    + "(?:(?:https?|wss?|ftps?)://|www\\.)");

    private static final Pattern QUAD = Pattern.compile("[0-9]{1,3}(?:\\.[0-9]{1,3}){3}");

    // Flags of the bytes that need a closer look.
    private static final int MAY_BE_REPLACED = 1;
    private static final int SEPARATES = 2;
    private static final int ESCAPES = 4;
    private static final byte[] FLAGS = flags();

    private final byte[] in;
    private final boolean mayHideAnother;
    private int from;
    private int to;
    private byte[] out = {};
    private int length;

    private UrlCanonicalizer(byte[] in, int from, boolean mayHideAnother) {
        this.in = in;
        this.from = from;
        this.mayHideAnother = mayHideAnother;
        this.to = in.length;
    }

    /**
     * Returns the canonical {@code url} of the address that begins at {@code start}.
     *
     * @throws org.askfirst.problem.ProblemException if the text is not an address on the web
     */
    public static String url(String text, int start) {
        return canonical(false, text, start);
    }

    /**
     * Returns the canonical {@code under} of the directory whose address begins at {@code start}.
     *
     * @throws org.askfirst.problem.ProblemException if the text is not an address on the web, or has a query
     */
    public static String under(String text, int start) {
        return canonical(true, text, start);
    }

    private static String canonical(boolean isDirectory, String text, int start) {
        if (text.length() - start > MAX_INPUT_LENGTH) {
            throw Refusal.TOO_LONG.because("an address may have at most " + MAX_LENGTH + " bytes in canonical form");
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int flags = bytes.length == text.length() ? flags(bytes, start) : MAY_BE_REPLACED;
        if (bytes.length != text.length() || ((flags & MAY_BE_REPLACED) != 0 && hasReplaced(bytes, text))) {
            Spelling.requireNoLoneSurrogates(text);
            String address = Invisible.trim(text.substring(start));
            String typed = Spelling.startsFullWidth(address) ? Spelling.narrow(address) : address;
            requireOneAddress(typed, 0);
            return new UrlCanonicalizer(typed.getBytes(StandardCharsets.UTF_8), 0, true).run(isDirectory);
        }
        if ((flags & SEPARATES) != 0) {
            requireOneAddress(text, start);
        }
        return new UrlCanonicalizer(bytes, start, (flags & (SEPARATES | ESCAPES)) != 0).run(isDirectory);
    }

    private static byte[] flags() {
        byte[] flags = new byte[1 << Byte.SIZE];
        Arrays.fill(flags, 0, ' ' + 1, (byte) SEPARATES);
        for (char separator : new char[] {',', ';', '|'}) {
            flags[separator] = SEPARATES;
        }
        flags['?'] = MAY_BE_REPLACED;
        flags['%'] = ESCAPES;
        return flags;
    }

    /** Returns the flags of all these bytes together: one pass settles the usual address. */
    private static int flags(byte[] bytes, int start) {
        int flags = 0;
        for (int i = start; i < bytes.length; i++) {
            flags |= FLAGS[bytes[i] & 0xff];
        }
        return flags;
    }

    /** Refuses a text with two addresses. The usual text has no second mark of an address and is only searched for it. */
    private static void requireOneAddress(String text, int start) {
        int first = text.indexOf("://", start);
        boolean isSuspect = (first >= 0 && text.indexOf("://", first + 3) >= 0)
                || text.indexOf("www.", Math.max(first + 4, start + 1)) >= 0
                || (first >= 0 && text.lastIndexOf('.', first) > start);
        if (!isSuspect) {
            return;
        }
        var second = SECOND.matcher(text).region(start, text.length());
        while (second.find()) {
            String before = text.substring(start, second.start());
            if (before.indexOf('.') < 0) {
                continue;
            }
            // A list that is itself a part of the first address is not a second address.
            boolean isListed =
                    second.group().charAt(0) > ' ' && before.indexOf("://", Math.max(before.indexOf("://") + 3, 9)) > 0;
            if (!isListed) {
                throw Refusal.SEVERAL.because(Refusal.quote(before.strip()) + " and "
                        + Refusal.quote(text.substring(second.start() + 1).strip())
                        + " are two addresses; give each by itself");
            }
        }
    }

    /**
     * Returns true if a question mark replaces half a character. A text that is as long in UTF-8 as in UTF-16 is ASCII
     * apart from these, so nothing else needs a check.
     */
    private static boolean hasReplaced(byte[] bytes, String text) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '?' && text.charAt(i) != '?') {
                return true;
            }
        }
        return false;
    }

    private String run(boolean isDirectory) {
        trim();
        boolean hasScheme = skipScheme();
        int authorityEnd = from;
        while (authorityEnd < to && !endsAuthority(in[authorityEnd])) {
            authorityEnd++;
        }
        String host = host(authorityEnd);
        if (!hasScheme) {
            requireHostLike(authorityEnd, host);
        }
        int queryStart = authorityEnd;
        while (queryStart < to && in[queryStart] != '?') {
            queryStart++;
        }
        String prefix = isDirectory ? UNDER_PREFIX : URL_PREFIX;
        int hostEnd = prefix.length() + host.length();
        // An escape takes three bytes for one. Two more bytes are for the slashes around an empty path.
        out = new byte[hostEnd + 3 * (to - authorityEnd) + 2];
        write(prefix);
        write(host);
        path(authorityEnd, queryStart, isDoiResolver(host));
        boolean isWildcard = queryStart >= to - 1 && cutWildcard();
        if (isDirectory) {
            endDirectory(queryStart);
        } else {
            query(queryStart + 1);
        }
        if (length > MAX_LENGTH) {
            throw Refusal.TOO_LONG.because(
                    "it has " + length + " bytes in canonical form, and at most " + MAX_LENGTH + " are allowed");
        }
        String canonical = new String(out, 0, length, StandardCharsets.ISO_8859_1);
        if (mayHideAnother) {
            // Again, because an escape, a line end or a slash may have hidden the second address.
            requireOneAddress(canonical, prefix.indexOf(':') + 1);
        }
        return isWildcard && !isDirectory ? UNDER_PREFIX + canonical.substring(URL_PREFIX.length()) : canonical;
    }

    /**
     * Removes asterisks that are the whole last segment of the path, and returns true if there were any. As in robots
     * files, they mean everything below the directory.
     */
    private boolean cutWildcard() {
        int end = length;
        while (out[end - 1] == '*') {
            end--;
        }
        if (end == length || out[end - 1] != '/') {
            return false;
        }
        length = end;
        return true;
    }

    /**
     * Returns true if the last segment of {@code text[0, end)} has only asterisks, one at least. No canonical {@code
     * url} without a query is so, because it would mean everything below the directory.
     */
    public static boolean endsInWildcard(String text, int end) {
        int start = end;
        while (text.charAt(start - 1) == '*') {
            start--;
        }
        return start < end && text.charAt(start - 1) == '/';
    }

    /** Returns true for the hosts that resolve DOIs. */
    public static boolean isDoiResolver(String host) {
        return switch (host.length()) {
            case 7 -> host.equals("doi.org");
            case 10 -> host.equals("dx.doi.org");
            case 11 -> host.equals("www.doi.org");
            case 14 -> host.equals("hdl.handle.net");
            default -> false;
        };
    }

    /** Drops spaces and control characters at both ends, tabs and line ends everywhere, and the fragment. */
    private void trim() {
        while (to > from && in[to - 1] >= 0 && in[to - 1] <= ' ') {
            to--;
        }
        while (from < to && in[from] >= 0 && in[from] <= ' ') {
            from++;
        }
        int end = from;
        for (int i = from; i < to && in[i] != '#'; i++) {
            byte b = in[i];
            if (b != '\t' && b != '\n' && b != '\r') {
                in[end++] = b;
            }
        }
        to = end;
        if (from == to) {
            throw Refusal.EMPTY.because("an address needs a host");
        }
    }

    /** Moves to the first byte after the scheme and its slashes; returns true if there was a scheme. */
    private boolean skipScheme() {
        int colon = schemeEnd();
        if (colon < to && in[colon] == '%' && colon > from && isEscapedColon(colon)) {
            to = PercentCoding.decode(in, from, to);
            cutFragment();
            colon = schemeEnd();
        }
        if (colon == to || in[colon] != ':') {
            return skipSlashesWithoutScheme();
        }
        if (isHttp(colon)) {
            skipSlashes(colon + 1);
            return true;
        }
        String name = new String(in, from, colon - from, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        if (name.length() <= LONGEST_WEB_SCHEME && WEB_SCHEMES.contains(name)) {
            skipSlashes(colon + 1);
            return true;
        }
        if (isPort(colon + 1)) {
            return false;
        }
        throw Refusal.NOT_ON_THE_WEB.because("an address on the web does not begin with " + Refusal.quote(name + ":"));
    }

    /** Returns true for the two schemes that nearly all addresses have, without creating a string. */
    private boolean isHttp(int colon) {
        int size = colon - from;
        return (size == 4 || (size == 5 && (in[from + 4] | 0x20) == 's'))
                && (in[from] | 0x20) == 'h'
                && (in[from + 1] | 0x20) == 't'
                && (in[from + 2] | 0x20) == 't'
                && (in[from + 3] | 0x20) == 'p';
    }

    private void skipSlashes(int start) {
        from = start;
        while (from < to && (in[from] == '/' || in[from] == '\\')) {
            from++;
        }
    }

    private int schemeEnd() {
        int i = from;
        while (i < to && isSchemeCharacter(in[i])) {
            i++;
        }
        return i;
    }

    private static boolean endsAuthority(byte b) {
        return b == '/' || b == '?' || b == '\\';
    }

    private static boolean isSchemeCharacter(int c) {
        int lower = c | 0x20;
        return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
    }

    private boolean isEscapedColon(int i) {
        return i + 2 < to && in[i + 1] == '3' && (in[i + 2] | 0x20) == 'a';
    }

    private void cutFragment() {
        for (int i = from; i < to; i++) {
            if (in[i] == '#') {
                to = i;
            }
        }
    }

    private boolean skipSlashesWithoutScheme() {
        if (to - from > 2 && in[from] == '/' && in[from + 1] == '/') {
            from += 2;
            return true;
        }
        if (in[from] == '/' || in[from] == '?' || in[from] == ':') {
            throw Refusal.SHAPE.because(Refusal.quote(text()) + " has no host");
        }
        return false;
    }

    /**
     * Refuses a text without a scheme that does not begin with a host. A single word, a title, a file name, a decimal
     * number and an e-mail address are no hosts.
     */
    private void requireHostLike(int authorityEnd, String host) {
        String authority = new String(in, from, authorityEnd - from, StandardCharsets.UTF_8);
        boolean isDotted = authority.chars().anyMatch(c -> c == '.' || c == '[' || c >= 0x80);
        if (authority.startsWith("*.") && host.indexOf('.') > 0) {
            throw Refusal.WILDCARD.because(
                    Refusal.quote(text()) + " is no address", "domain:" + host.substring(host.indexOf('.') + 1));
        }
        if (authority.indexOf('@') >= 0) {
            throw Refusal.SHAPE.because(Refusal.quote(text()) + " is an e-mail address and not an address on the web;"
                    + " if it is one, write https:// in front of it");
        }
        if (isDotted && isHostLike(authority, host, authorityEnd)) {
            return;
        }
        throw Refusal.SHAPE.because(Refusal.quote(text())
                + " is neither an address with a scheme nor one that starts with a host; if it is an address, write"
                + " https:// in front of it");
    }

    private boolean isHostLike(String authority, String host, int authorityEnd) {
        if (host.charAt(0) == '[') {
            return true;
        }
        if (host.indexOf('%') >= 0 || host.indexOf('.') < 0) {
            return false;
        }
        if (Hosts.isIpAddress(host)) {
            int port = authority.lastIndexOf(':');
            return QUAD.matcher(port < 0 ? authority : authority.substring(0, port))
                    .matches();
        }
        boolean isFile = authorityEnd == to
                && host.indexOf('.') == host.lastIndexOf('.')
                && FILE_TYPES.contains(host.substring(host.indexOf('.') + 1));
        return !isFile && SuffixList.bundled().hasKnownTopLevel(host);
    }

    private boolean isPort(int start) {
        int i = start;
        while (i < to && in[i] >= '0' && in[i] <= '9') {
            i++;
        }
        return i > start && (i == to || endsAuthority(in[i]));
    }

    private String host(int authorityEnd) {
        int start = from;
        for (int i = from; i < authorityEnd; i++) {
            if (in[i] == '@') {
                start = i + 1;
            }
        }
        int end = authorityEnd;
        // The colons of an IPv6 address are inside its brackets.
        for (int i = authorityEnd - 1; i >= start && in[i] != ']'; i--) {
            if (in[i] == ':' && (in[start] != '[' || in[i - 1] == ']')) {
                requirePort(i + 1, authorityEnd);
                end = i;
                break;
            }
        }
        return Hosts.canonical(in, start, end);
    }

    private void requirePort(int start, int end) {
        for (int i = start; i < end; i++) {
            if (in[i] < '0' || in[i] > '9') {
                throw Refusal.HOST.because("the text after its colon is not a port number");
            }
        }
    }

    private void write(String ascii) {
        int size = ascii.length();
        for (int i = 0; i < size; i++) {
            out[length + i] = (byte) ascii.charAt(i);
        }
        length += size;
    }

    /**
     * Writes the path.
     *
     * @param isOfResolver true on a host that resolves DOIs; the segments of a DOI are kept as they are, because its
     *     dots and slashes are parts of the name
     */
    private void path(int start, int end, boolean isOfResolver) {
        boolean isEscaped = false;
        for (int i = start; i < end; i++) {
            if (in[i] == '\\') {
                in[i] = '/';
            }
            isEscaped |= in[i] == '%';
        }
        int decodedEnd = isEscaped ? PercentCoding.decode(in, start, end) : end;
        int pathStart = length;
        if (start == decodedEnd) {
            out[length++] = '/';
        }
        int doi = isOfResolver ? doiStart(start, decodedEnd) : -1;
        if (doi >= 0) {
            doi(doi, decodedEnd);
            return;
        }
        boolean hasEmpty = false;
        for (int segment = start + 1; segment <= decodedEnd; ) {
            int segmentEnd = segment;
            while (segmentEnd < decodedEnd && in[segmentEnd] != '/') {
                segmentEnd++;
            }
            segment(segment, segmentEnd, segmentEnd == decodedEnd, pathStart);
            hasEmpty |= segment == segmentEnd;
            segment = segmentEnd + 1;
        }
        if (hasEmpty) {
            collapseSlashes(pathStart);
        }
    }

    /** Returns the index of the DOI behind the slashes of the path; negative if none begins there. */
    private int doiStart(int start, int end) {
        int name = start;
        while (name < end && in[name] == '/') {
            name++;
        }
        int number = name;
        if (end - name > 4
                && (in[name] | 0x20) == 'd'
                && (in[name + 1] | 0x20) == 'o'
                && (in[name + 2] | 0x20) == 'i'
                && in[name + 3] == ':') {
            number += 4;
        }
        boolean isDoi = end - number > 3
                && in[number] == '1'
                && in[number + 1] == '0'
                && in[number + 2] == '.'
                && in[number + 3] >= '0'
                && in[number + 3] <= '9';
        return isDoi ? name : -1;
    }

    private void doi(int start, int end) {
        for (int segment = start; segment <= end; ) {
            int segmentEnd = segment;
            while (segmentEnd < end && in[segmentEnd] != '/') {
                segmentEnd++;
            }
            out[length++] = '/';
            escape(segment, segmentEnd, PercentCoding.PATH);
            segment = segmentEnd + 1;
        }
    }

    /** Writes a slash and one segment. For two dots, it removes the previous segment with its slash instead. */
    private void segment(int start, int end, boolean isLast, int pathStart) {
        int size = end - start;
        boolean isDot = size == 1 && in[start] == '.';
        boolean isDotDot = size == 2 && in[start] == '.' && in[start + 1] == '.';
        if (isDotDot) {
            while (length > pathStart && out[--length] != '/') {
                // Moves back to the previous slash.
            }
        }
        if (isDot || isDotDot) {
            if (isLast) {
                out[length++] = '/';
            }
            return;
        }
        out[length++] = '/';
        escape(start, end, PercentCoding.PATH);
    }

    /** Collapses repeated slashes. The dots are resolved before, as browsers do: {@code /a//..} becomes {@code /a/}. */
    private void collapseSlashes(int pathStart) {
        int end = pathStart;
        for (int i = pathStart; i < length; i++) {
            if (out[i] != '/' || i == pathStart || out[end - 1] != '/') {
                out[end++] = out[i];
            }
        }
        length = end;
    }

    private void endDirectory(int queryStart) {
        if (queryStart < to - 1) {
            throw Refusal.SHAPE.because("a directory has no query", "under:" + textBefore(queryStart));
        }
        if (out[length - 1] != '/') {
            out[length++] = '/';
        }
    }

    private void query(int start) {
        if (start >= to) {
            return;
        }
        boolean isEscaped = false;
        for (int i = start; i < to; i++) {
            isEscaped |= in[i] == '%';
        }
        int end = isEscaped ? PercentCoding.decode(in, start, to) : to;
        out[length++] = '?';
        escape(start, end, PercentCoding.QUERY);
    }

    private void escape(int start, int end, int component) {
        int plain = start;
        while (plain < end && PercentCoding.isPlain(in[plain], component)) {
            plain++;
        }
        if (plain == end) {
            System.arraycopy(in, start, out, length, end - start);
            length += end - start;
            return;
        }
        for (int i = plain; i < end; i++) {
            if (in[i] < 0) {
                escapeText(start, end, component);
                return;
            }
        }
        append(in, start, end, component);
    }

    /**
     * Composes text (NFC), because one file name may be typed in one form and stored in another. Bytes that are not
     * UTF-8 stay unchanged. Each segment is composed separately, so that a directory is a prefix of everything below
     * it.
     */
    private void escapeText(int start, int end, int component) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(in, start, end - start))
                    .toString();
            if (!Normalizer.isNormalized(text, Normalizer.Form.NFC)) {
                byte[] composed =
                        Normalizer.normalize(text, Normalizer.Form.NFC).getBytes(StandardCharsets.UTF_8);
                makeRoom(3 * composed.length);
                append(composed, 0, composed.length, component);
                return;
            }
        } catch (CharacterCodingException e) {
            // The text has another encoding and cannot be composed.
        }
        append(in, start, end, component);
    }

    /**
     * Enlarges the output, because composition may lengthen text: some characters are excluded from it and are
     * decomposed.
     */
    private void makeRoom(int more) {
        int needed = length + more + 3 * (in.length + 1);
        if (needed > out.length) {
            out = Arrays.copyOf(out, Math.max(needed, 2 * out.length));
        }
    }

    private void append(byte[] bytes, int start, int end, int component) {
        for (int i = start; i < end; i++) {
            length = PercentCoding.append(bytes[i], component, out, length);
        }
    }

    private String text() {
        return textBefore(to);
    }

    private String textBefore(int end) {
        return new String(in, from, Math.max(end - from, 0), StandardCharsets.UTF_8);
    }
}
