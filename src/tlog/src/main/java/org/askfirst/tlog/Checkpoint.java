package org.askfirst.tlog;

import java.util.List;

/**
 * What a log signs: that its tree of this size has this root (C2SP tlog-checkpoint).
 *
 * @param origin says which log: one line, not empty; by convention its address without the scheme, and the name of
 *     the key it signs with
 * @param size of the tree, in leaves
 * @param root of the tree
 * @param extensions further lines, none of them empty, that may mean something to somebody; a log of ours writes none
 */
public record Checkpoint(String origin, long size, Hash root, List<String> extensions) {
    private static final int FIXED_LINES = 3;

    /**
     * The parts, checked; the list is copied.
     *
     * @throws IllegalArgumentException if a line is empty or is more than one, or the size is negative
     */
    public Checkpoint {
        extensions = List.copyOf(extensions);
        if (!isLine(origin) || !extensions.stream().allMatch(Checkpoint::isLine)) {
            throw new IllegalArgumentException("a checkpoint is made of lines that are not empty");
        }
        if (size < 0) {
            throw new IllegalArgumentException("no tree has " + size + " leaves");
        }
    }

    private static boolean isLine(String text) {
        return !text.isEmpty() && text.indexOf('\n') < 0;
    }

    /** The checkpoint without extensions. */
    public static Checkpoint of(String origin, long size, Hash root) {
        return new Checkpoint(origin, size, root, List.of());
    }

    /** Reads the text of a note; extension lines are kept. */
    public static Checkpoint parse(String text) throws MalformedException {
        if (!text.endsWith("\n")) {
            throw new MalformedException("a checkpoint ends in a newline");
        }
        List<String> lines = List.of(text.substring(0, text.length() - 1).split("\n", -1));
        if (lines.size() < FIXED_LINES || lines.contains("")) {
            throw new MalformedException("a checkpoint has an origin, a size and a root, and no empty lines");
        }
        return new Checkpoint(
                lines.get(0),
                StrictText.decimal(lines.get(1), "size of a checkpoint"),
                Hash.parse(lines.get(2)),
                lines.subList(FIXED_LINES, lines.size()));
    }

    /**
     * Reads a checkpoint that {@code log} has signed. Its origin must be the name of that key: C2SP recommends it,
     * logs of ours keep to it, and with it no log can be taken for another.
     *
     * @throws MalformedException if the note is no checkpoint
     * @throws NotProvenException if the log has not signed it, or it is another log's
     */
    public static Checkpoint open(SignedNote note, NoteVerifier log) throws MalformedException, NotProvenException {
        Checkpoint checkpoint = parse(note.text());
        checkpoint.verify(note, log);
        return checkpoint;
    }

    /** Returns if {@code log} signed {@code note}, which this is the content of, and it is this log's checkpoint. */
    void verify(SignedNote note, NoteVerifier log) throws NotProvenException {
        note.verify(List.of(log));
        if (!origin.equals(log.name())) {
            throw new NotProvenException("the checkpoint is of another log than " + log.name());
        }
    }

    /** The text that is signed, as {@link #parse} reads it. */
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append(origin)
                .append('\n')
                .append(size)
                .append('\n')
                .append(root.base64())
                .append('\n');
        extensions.forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    /**
     * The checkpoint, signed.
     *
     * @param signers at least one; the log's own first
     */
    public SignedNote sign(List<? extends NoteSigner> signers) {
        return SignedNote.sign(text(), signers);
    }
}
