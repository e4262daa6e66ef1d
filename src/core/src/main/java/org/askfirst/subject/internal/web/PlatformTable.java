package org.askfirst.subject.internal.web;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.askfirst.subject.internal.text.PercentCoding;
import org.jspecify.annotations.Nullable;

/**
 * The table of platforms: hosts on which many people publish, and the addresses there that carry an account. {@code
 * docs/formats/subjects.md} describes its file.
 *
 * <p>Only asked addresses are compared with it. Keys of accounts do not depend on it, so an index that was built with
 * another table stays right.
 */
public final class PlatformTable {
    private static final String RESOURCE = "/org/askfirst/subject/platforms.txt";
    private static final String ID = "{id}";
    private static final String REST = "/**";
    private static final int BITS = 12;

    private final String version;
    private final Map<String, List<Rule>> rulesByHost;
    private final Map<String, Rule> rulesBySite;
    private final Map<String, Set<Form>> forms;

    /** True at the place of the hash of the last two labels of each host: most hosts are settled by one probe. */
    private final boolean[] mayBePlatform = new boolean[1 << BITS];

    private PlatformTable(
            String version,
            Map<String, List<Rule>> rulesByHost,
            Map<String, Rule> rulesBySite,
            Map<String, Set<Form>> forms) {
        this.version = version;
        this.rulesByHost = rulesByHost;
        this.rulesBySite = rulesBySite;
        this.forms = forms;
        rulesByHost.keySet().forEach(host -> mayBePlatform[place(host, 0, host.length())] = true);
        rulesBySite.keySet().forEach(host -> mayBePlatform[place(host, 0, host.length())] = true);
    }

    /**
     * An account that an address carries.
     *
     * @param beginning the platform, a colon and the fixed beginning of its ids
     * @param id the rest of the id
     * @param isNamed true if the address names the account itself, and not something that it published
     * @param hasOwnHost true if the account has its own host, so that the address is on its own site
     */
    public record Account(String beginning, String id, boolean isNamed, boolean hasOwnHost) {
        /** Returns the canonical value of the subject of scheme {@code account}. */
        public String value() {
            return beginning + id;
        }
    }

    /** The ids of accounts: their ASCII characters as 128 bits, their length, and words that are no ids. */
    private record Ids(
            long lowBits, long highBits, boolean hasLetters, int least, int most, boolean folds, Set<String> not) {
        @Nullable String read(String text) {
            int length = 0;
            boolean isFolded = true;
            for (int i = 0; i < text.length(); length++) {
                int point = text.codePointAt(i);
                int folded = folds ? Character.toLowerCase(point) : point;
                if (!isCharacter(folded)) {
                    return null;
                }
                isFolded &= folded == point;
                i += Character.charCount(point);
            }
            if (length < least || length > most) {
                return null;
            }
            String id = isFolded ? text : fold(text);
            return not.contains(id) ? null : id;
        }

        private boolean isCharacter(int point) {
            if (point < 0x80) {
                return ((point < Long.SIZE ? lowBits : highBits) >>> point & 1) != 0;
            }
            return hasLetters && (Character.isLetter(point) || Character.getType(point) == Character.NON_SPACING_MARK);
        }

        private static String fold(String text) {
            return text.codePoints()
                    .map(Character::toLowerCase)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
        }
    }

    /** A form of the ids of one platform: a fixed beginning and the rest. */
    private record Form(String beginning, Ids ids) {
        @Nullable String read(String text) {
            if (text.regionMatches(true, 0, beginning, 0, beginning.length())) {
                String id = ids.read(text.substring(beginning.length()));
                return id == null ? null : beginning + id;
            }
            return null;
        }
    }

    /**
     * A segment of a pattern.
     *
     * @param before the text before the id; the whole segment if it has no id
     * @param after the text after the id; null if the segment has no id
     */
    private record Segment(String before, @Nullable String after) {
        static Segment of(String pattern) {
            int id = pattern.indexOf(ID);
            return id < 0
                    ? new Segment(pattern, null)
                    : new Segment(pattern.substring(0, id), pattern.substring(id + ID.length()));
        }

        /** Returns the id in that segment of an address; null if it does not match; empty if it matches and has none. */
        @Nullable String idIn(String segment) {
            String rest = after;
            if (rest == null) {
                return before.equals("*") || before.equalsIgnoreCase(segment) ? "" : null;
            }
            int end = segment.length() - rest.length();
            return end > before.length() && segment.startsWith(before) && segment.endsWith(rest)
                    ? segment.substring(before.length(), end)
                    : null;
        }
    }

    /**
     * A pattern of addresses on one host.
     *
     * @param beginning the platform, a colon and the fixed beginning of its ids
     * @param segments the segments of the path; the id is in one of them, or in the parameter
     * @param isOpen true if more segments may follow
     * @param parameter the parameter of the query that has the id; null if the path or the host has it
     */
    private record Rule(
            String beginning,
            Ids ids,
            boolean isNamed,
            List<Segment> segments,
            boolean isOpen,
            @Nullable String parameter) {
        @Nullable Account find(String text, List<String> path, int queryStart) {
            if (path.size() < segments.size() || (!isOpen && path.size() > segments.size())) {
                return null;
            }
            String found = parameter == null ? null : parameter(text, queryStart, parameter);
            for (int i = 0; i < segments.size(); i++) {
                String id = segments.get(i).idIn(path.get(i));
                if (id == null) {
                    return null;
                }
                found = id.isEmpty() ? found : id;
            }
            return account(found, false);
        }

        @Nullable Account account(@Nullable String found, boolean hasOwnHost) {
            String id = found == null ? null : ids.read(decoded(found));
            return id == null ? null : new Account(beginning, id, isNamed, hasOwnHost);
        }

        private static @Nullable String parameter(String text, int queryStart, String name) {
            for (int start = queryStart + 1; start < text.length(); ) {
                int end = text.indexOf('&', start);
                end = end < 0 ? text.length() : end;
                if (text.startsWith(name, start) && text.startsWith("=", start + name.length())) {
                    return text.substring(start + name.length() + 1, end);
                }
                start = end + 1;
            }
            return null;
        }

        private static String decoded(String text) {
            if (text.indexOf('%') < 0) {
                return text;
            }
            byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
            String decoded = new String(bytes, 0, PercentCoding.decode(bytes, 0, bytes.length), StandardCharsets.UTF_8);
            return Normalizer.normalize(decoded, Normalizer.Form.NFKC);
        }
    }

    /** Returns the table of this release. */
    public static PlatformTable bundled() {
        return Bundled.TABLE;
    }

    /** Returns the version and the date of the table, such as {@code 1 2026-11-29}. */
    public String version() {
        return version;
    }

    /** Returns true if the table has that platform. */
    public boolean has(String platform) {
        return forms.containsKey(platform);
    }

    /** Returns the canonical id on that platform; null if the platform is unknown or has no such ids. */
    public @Nullable String id(String platform, String text) {
        for (Form form : forms.getOrDefault(platform, Set.of())) {
            String id = form.read(text);
            if (id != null) {
                return id;
            }
        }
        // People write the @ of a name also where ids have none.
        return text.startsWith("@") ? id(platform, text.substring(1)) : null;
    }

    /** Returns the account that a canonical {@code url} or {@code under} carries; null if it carries none. */
    public @Nullable Account find(WebAddress address) {
        String text = address.text();
        int host = address.plainHostStart();
        if (!mayBePlatform[place(text, host, address.hostEnd())]) {
            return null;
        }
        List<Rule> rules = rulesByHost.get(text.substring(host, address.hostEnd()));
        if (rules == null) {
            boolean isRoot = address.hostEnd() + 1 == text.length();
            return ofSite(text, host, address.hostEnd(), isRoot);
        }
        List<String> path = path(text, address.hostEnd() + 1, address.pathEnd());
        for (Rule rule : rules) {
            Account account = rule.find(text, path, address.pathEnd());
            if (account != null) {
                return account;
            }
        }
        return null;
    }

    /** Returns the account whose own host is {@code text[from, to)}; null if it is nobody's. */
    public @Nullable Account ofHost(String text, int from, int to) {
        int host = PlainSpelling.plainHost(text, from, to);
        return mayBePlatform[place(text, host, to)] ? ofSite(text, host, to, true) : null;
    }

    private @Nullable Account ofSite(String text, int from, int to, boolean isNamed) {
        int dot = text.indexOf('.', from);
        Rule rule = dot < 0 || dot >= to ? null : rulesBySite.get(text.substring(dot + 1, to));
        if (rule == null || rulesByHost.containsKey(text.substring(from, to))) {
            return null;
        }
        Account account = rule.account(text.substring(from, dot), true);
        return account == null || isNamed ? account : new Account(account.beginning, account.id, false, true);
    }

    /** Returns true if many people publish on the host {@code text[from, to)}, or on hosts below it. */
    public boolean isShared(String text, int from, int to) {
        int start = PlainSpelling.plainHost(text, from, to);
        if (!mayBePlatform[place(text, start, to)]) {
            return false;
        }
        String host = text.substring(start, to);
        return rulesByHost.containsKey(host) || rulesBySite.containsKey(host);
    }

    private static List<String> path(String text, int from, int to) {
        List<String> segments = new ArrayList<>();
        for (int start = from; start < to; ) {
            int end = text.indexOf('/', start);
            end = end < 0 || end > to ? to : end;
            segments.add(text.substring(start, end));
            start = end + 1;
        }
        return segments;
    }

    /** Returns the place of the last two labels of {@code text[from, to)}. */
    private static int place(String text, int from, int to) {
        int hash = 0;
        int dots = 0;
        for (int i = to - 1; i >= from; i--) {
            char c = text.charAt(i);
            if (c == '.' && ++dots == 2) {
                break;
            }
            hash = 31 * hash + c;
        }
        return (hash ^ (hash >>> BITS)) & ((1 << BITS) - 1);
    }

    /**
     * Reads a table.
     *
     * @throws IOException if the source cannot be read, or a line is not of the format
     */
    public static PlatformTable read(Reader source) throws IOException {
        PlatformReader reader = new PlatformReader();
        BufferedReader lines = new BufferedReader(source);
        int number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            if (!line.isEmpty() && line.charAt(0) != '#') {
                try {
                    reader.read(List.of(line.split(" ", -1)));
                } catch (IllegalArgumentException | IndexOutOfBoundsException fault) {
                    throw new IOException("line " + number + " of the platforms: " + fault.getMessage(), fault);
                }
            }
        }
        return reader.table();
    }

    /** Reads a table line by line. */
    private static final class PlatformReader {
        private final Map<String, List<Rule>> rulesByHost = new HashMap<>();
        private final Map<String, Rule> rulesBySite = new HashMap<>();
        private final Map<String, Set<Form>> forms = new LinkedHashMap<>();
        private final Set<String> not = new HashSet<>();
        private String version = "";
        private String date = "";
        private String platform = "";
        private Ids ids = new Ids(0, 0, false, 1, 1, false, Set.of());
        private List<String> hosts = List.of();

        void read(List<String> words) {
            List<String> values = words.subList(1, words.size());
            require(!values.isEmpty() && values.stream().noneMatch(String::isEmpty), "a word is missing");
            switch (words.get(0)) {
                case "version" -> version = values.get(0);
                case "date" -> date = values.get(0);
                case "platform" -> {
                    platform = values.get(0);
                    require(forms.put(platform, new LinkedHashSet<>()) == null, "the platform comes twice");
                    not.clear();
                    hosts = List.of();
                }
                case "id" -> ids = ids(values);
                case "not" -> {
                    not.addAll(values);
                    ids = new Ids(
                            ids.lowBits, ids.highBits, ids.hasLetters, ids.least, ids.most, ids.folds, Set.copyOf(not));
                }
                case "host" -> {
                    hosts = List.copyOf(values);
                    hosts.forEach(host -> {
                        require(PlainSpelling.plainHost(host, 0, host.length()) == 0, "the host is not plain");
                        require(rulesByHost.put(host, new ArrayList<>()) == null, "the host comes twice");
                    });
                }
                case "account" -> pattern(true, values);
                case "within" -> pattern(false, values);
                case "site" ->
                    values.forEach(site -> {
                        require(site.startsWith(ID + "."), "a site begins with {id}");
                        Rule rule = rule(form(ID), true, List.of(), true, null);
                        require(rulesBySite.put(site.substring(ID.length() + 1), rule) == null, "the site comes twice");
                    });
                default -> throw new IllegalArgumentException("the word " + words.get(0) + " is not known");
            }
        }

        private Ids ids(List<String> values) {
            long lowBits = 0;
            long highBits = 0;
            boolean hasLetters = values.get(0).startsWith("*");
            String classes = hasLetters ? values.get(0).substring(1) : values.get(0);
            for (int i = 0; i < classes.length(); i++) {
                boolean isRange = i + 2 < classes.length() && classes.charAt(i + 1) == '-';
                char last = isRange ? classes.charAt(i + 2) : classes.charAt(i);
                require(last < 2 * Long.SIZE, "a character is not ASCII");
                for (char c = classes.charAt(i); c <= last; c++) {
                    lowBits |= c < Long.SIZE ? 1L << c : 0;
                    highBits |= c < Long.SIZE ? 0 : 1L << c;
                }
                i += isRange ? 2 : 0;
            }
            boolean folds = values.size() == 4;
            require(values.size() == 3 || (folds && values.get(3).equals("fold")), "not the rules of an id");
            int least = Integer.parseInt(values.get(1));
            int most = Integer.parseInt(values.get(2));
            require(0 < least && least <= most && most <= 100, "not a length");
            return new Ids(lowBits, highBits, hasLetters, least, most, folds, Set.copyOf(not));
        }

        private Form form(String template) {
            require(template.endsWith(ID), "the id is at the end of its form");
            Form form = new Form(template.substring(0, template.length() - ID.length()), ids);
            Set<Form> ofPlatform = forms.get(platform);
            require(ofPlatform != null, "no platform is named");
            forms.computeIfAbsent(platform, name -> new LinkedHashSet<>()).add(form);
            return form;
        }

        private Rule rule(
                Form form, boolean isNamed, List<Segment> segments, boolean isOpen, @Nullable String parameter) {
            return new Rule(platform + ":" + form.beginning, form.ids, isNamed, segments, isOpen, parameter);
        }

        private void pattern(boolean isNamed, List<String> values) {
            String pattern = values.get(0);
            Form form = form(values.size() > 1 ? values.get(1) : ID);
            int query = pattern.indexOf('?');
            String path = query < 0 ? pattern : pattern.substring(0, query);
            String parameter = null;
            if (query >= 0) {
                require(pattern.endsWith("=" + ID), "a parameter has the id");
                parameter = pattern.substring(query + 1, pattern.length() - ID.length() - 1);
            }
            boolean isOpen = path.endsWith(REST);
            path = isOpen ? path.substring(0, path.length() - REST.length()) : path;
            require(pattern.startsWith("/") && pattern.contains(ID) && !hosts.isEmpty(), "not a pattern of a host");
            List<Segment> segments = path.isEmpty()
                    ? List.of()
                    : Stream.of(path.substring(1).split("/", -1))
                            .map(Segment::of)
                            .toList();
            for (String host : hosts) {
                rulesByHost
                        .computeIfAbsent(host, name -> new ArrayList<>())
                        .add(rule(form, isNamed, segments, isOpen, parameter));
            }
        }

        private static void require(boolean condition, String otherwise) {
            if (!condition) {
                throw new IllegalArgumentException(otherwise);
            }
        }

        PlatformTable table() throws IOException {
            if (version.isEmpty() || date.isEmpty() || forms.isEmpty()) {
                throw new IOException("the platforms have no version, no date or no rows");
            }
            return new PlatformTable(version + " " + date, rulesByHost, rulesBySite, forms);
        }
    }

    /** Loads the table once, on first use. */
    private static final class Bundled {
        static final PlatformTable TABLE = load();

        private static PlatformTable load() {
            try (InputStream stream = PlatformTable.class.getResourceAsStream(RESOURCE)) {
                if (stream == null) {
                    throw new IllegalStateException("the table of platforms is missing");
                }
                return read(new InputStreamReader(stream, StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
