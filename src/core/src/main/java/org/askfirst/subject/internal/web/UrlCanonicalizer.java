package org.askfirst.subject.internal.web;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
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

    private final byte[] in;
    private int from;
    private int to;
    private byte[] out = {};
    private int length;

    private UrlCanonicalizer(byte[] in, int from) {
        this.in = in;
        this.from = from;
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
        int from = start;
        if (bytes.length != text.length() || hasReplaced(bytes, text)) {
            Spelling.requireNoLoneSurrogates(text);
            String address = text.substring(start);
            String typed = Spelling.startsFullWidth(address) ? Spelling.narrow(address) : address;
            bytes = typed.getBytes(StandardCharsets.UTF_8);
            from = 0;
        }
        return new UrlCanonicalizer(bytes, from).run(isDirectory);
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
        if (!hasScheme && !looksLikeHost(authorityEnd, host)) {
            throw Refusal.SHAPE.because(
                    Refusal.quote(text()) + " is neither an address with a scheme nor one that starts with a host");
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
        path(authorityEnd, queryStart);
        if (isDirectory) {
            endDirectory(queryStart);
        } else {
            query(queryStart + 1);
        }
        if (length > MAX_LENGTH) {
            throw Refusal.TOO_LONG.because("it has " + length + " bytes in canonical form, and at most " + MAX_LENGTH
                    + " are allowed");
        }
        return new String(out, 0, length, StandardCharsets.ISO_8859_1);
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
        throw Refusal.NOT_ON_THE_WEB.because(
                "an address on the web does not begin with " + Refusal.quote(name + ":"));
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
     * Returns true if a text without a scheme can be a host. A single word is not a host, a number is not an IP
     * address, and a title is neither.
     */
    private boolean looksLikeHost(int authorityEnd, String host) {
        boolean isDotted = false;
        for (int i = from; i < authorityEnd; i++) {
            isDotted |= in[i] == '.' || in[i] == '[' || in[i] < 0;
        }
        return isDotted && host.indexOf('%') < 0 && (host.indexOf('.') > 0 || host.charAt(0) == '[');
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

    private void path(int start, int end) {
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
