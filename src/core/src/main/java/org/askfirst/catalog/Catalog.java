package org.askfirst.catalog;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.askfirst.json.CanonicalJson;
import org.askfirst.subject.Sha256;
import org.askfirst.verdict.Verdicts;

/**
 * The list of the files of a snapshot. A note that the log's key signs names its hash ({@link #noteLine}).
 *
 * @param log the log's name
 * @param position the position that the newest file equals
 * @param issuedAt the time of the catalogue
 * @param expiresAt the time from which on nothing may be answered from the files
 * @param minimumClient the oldest version of our clients that reads the files correctly
 * @param rules the version of the rules of verdicts
 * @param releases one or two complete files, the latest first
 * @param deltas the files of changes since the older release
 */
public record Catalog(
        String log,
        long position,
        Instant issuedAt,
        Instant expiresAt,
        String minimumClient,
        int rules,
        List<SnapshotFile> releases,
        List<SnapshotFile> deltas) {
    /** The version of the format. */
    public static final int FORMAT = 1;

    /** The name of the catalogue's file in the folder. */
    public static final String FILE = "catalog.json";

    /** The greatest length of that file in bytes. Readers refuse a longer one before they keep it. */
    public static final int MAX_BYTES = 4 << 20;

    private static final String LINE = "catalog ";

    public Catalog {
        releases = List.copyOf(releases);
        deltas = List.copyOf(deltas);
        if (releases.isEmpty()) {
            throw new IllegalArgumentException("the catalogue has no release");
        }
    }

    /**
     * A catalogue and the note about it, as they are in the file.
     *
     * @param note the signed note; nobody has verified it yet
     */
    public record Signed(String note, Catalog catalog, String hash) {
        /** Returns the content of the file. */
        public String json() {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("note", note);
            tree.put("catalog", catalog.tree());
            return CanonicalJson.write(tree) + "\n";
        }
    }

    /** The reader does not know the format or the rules, so it must refuse the files. */
    public static final class UnsupportedException extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        UnsupportedException(String message) {
            super(message);
        }
    }

    /**
     * Reads the content of a catalogue's file. Its signature is not checked here.
     *
     * @throws UnsupportedException if the format or the rules are not known
     * @throws IllegalArgumentException if it is no catalogue
     */
    public static Signed parse(String json) {
        Map<?, ?> file = CanonicalJson.parseObject(json);
        if (!(file.get("catalog") instanceof Map<?, ?> tree)) {
            throw new IllegalArgumentException("the catalogue is missing");
        }
        if (number(tree, "format") != FORMAT) {
            throw new UnsupportedException("the catalogue has the format " + number(tree, "format"));
        }
        if (number(tree, "rules") != Verdicts.RULES) {
            throw new UnsupportedException("the verdicts follow the rules " + number(tree, "rules"));
        }
        Catalog catalog = new Catalog(
                text(tree, "log"),
                number(tree, "position"),
                time(tree, "issuedAt"),
                time(tree, "expiresAt"),
                text(tree, "minimumClient"),
                Verdicts.RULES,
                files(tree, "releases", false),
                files(tree, "deltas", true));
        // Members that a later version adds are part of what was signed.
        return new Signed(text(file, "note"), catalog, hash(tree));
    }

    private static String hash(Map<?, ?> tree) {
        return HexFormat.of().formatHex(Sha256.of(CanonicalJson.write(tree).getBytes(StandardCharsets.UTF_8)));
    }

    /** Returns the extension line of the note: {@code catalog} and the SHA-256 of the canonical catalogue. */
    public String noteLine() {
        return noteLine(hash(tree()));
    }

    /** Returns the extension line of a note about a catalogue with that hash. */
    public static String noteLine(String hash) {
        return LINE + hash;
    }

    /** Returns the catalogue with a note about it. */
    public Signed with(String note) {
        return new Signed(note, this, hash(tree()));
    }

    /**
     * Returns the files to read for the newest state, oldest first: those of changes alone if the reader's position is
     * one at which changes begin, and otherwise the latest release and the changes after it.
     *
     * @param from the position that the reader has; negative if it has nothing
     * @throws IllegalArgumentException if the listed files do not lead to the position of the catalogue
     */
    public List<SnapshotFile> path(long from) {
        if (from == position) {
            return List.of();
        }
        Optional<List<SnapshotFile>> changes = from < 0 ? Optional.empty() : changes(from);
        if (changes.isPresent()) {
            return changes.get();
        }
        SnapshotFile latest = releases.get(0);
        List<SnapshotFile> files = new ArrayList<>();
        files.add(latest);
        files.addAll(changes(latest.position())
                .orElseThrow(() -> new IllegalArgumentException("the catalogue lacks changes after its release")));
        return files;
    }

    private Optional<List<SnapshotFile>> changes(long from) {
        List<SnapshotFile> files = new ArrayList<>();
        long reached = from;
        while (reached < position) {
            SnapshotFile furthest = null;
            for (SnapshotFile delta : deltas) {
                if (delta.from() == reached
                        && delta.position() > reached
                        && delta.position() <= position
                        && (furthest == null || delta.position() > furthest.position())) {
                    furthest = delta;
                }
            }
            if (furthest == null) {
                return Optional.empty();
            }
            files.add(furthest);
            reached = furthest.position();
        }
        return reached == position ? Optional.of(files) : Optional.empty();
    }

    private Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("format", FORMAT);
        tree.put("log", log);
        tree.put("position", position);
        tree.put("issuedAt", issuedAt.toString());
        tree.put("expiresAt", expiresAt.toString());
        tree.put("minimumClient", minimumClient);
        tree.put("rules", rules);
        tree.put("releases", releases.stream().map(file -> file.tree(false)).toList());
        tree.put("deltas", deltas.stream().map(file -> file.tree(true)).toList());
        return tree;
    }

    private static List<SnapshotFile> files(Map<?, ?> tree, String member, boolean areDeltas) {
        if (!(tree.get(member) instanceof List<?> list)) {
            throw new IllegalArgumentException("the catalogue lacks " + member);
        }
        List<SnapshotFile> files = new ArrayList<>();
        for (Object file : list) {
            files.add(SnapshotFile.of(file, areDeltas));
        }
        return files;
    }

    static long number(Map<?, ?> tree, String member) {
        if (tree.get(member) instanceof Long number) {
            return number;
        }
        throw new IllegalArgumentException("the catalogue lacks the number " + member);
    }

    static String text(Map<?, ?> tree, String member) {
        if (tree.get(member) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("the catalogue lacks the text " + member);
    }

    private static Instant time(Map<?, ?> tree, String member) {
        try {
            return Instant.parse(text(tree, member));
        } catch (DateTimeException none) {
            throw new IllegalArgumentException("the catalogue has no time in " + member, none);
        }
    }
}
