package org.askfirst.tlog;

import java.util.List;

/**
 * The statement of a log that its tree of this size has this root (C2SP tlog-checkpoint).
 *
 * @param origin the name of the log: one line, not empty; by convention the log's address without the scheme, and the
 *     name of the key with which it signs
 * @param size the size of the tree in leaves
 * @param root the root of the tree
 * @param extensions further lines, none of them empty, which other software may define; Ask First writes none
 */
public record Checkpoint(String origin, long size, Hash root, List<String> extensions) {
    private static final int FIXED_LINES = 3;

    /**
     * Checks the parts and copies the list.
     *
     * @throws IllegalArgumentException if a line is empty or contains a newline, or if the size is negative
     */
    public Checkpoint {
        extensions = List.copyOf(extensions);
        if (!isLine(origin) || !extensions.stream().allMatch(Checkpoint::isLine)) {
            throw new IllegalArgumentException("a checkpoint consists of lines that are not empty");
        }
        if (size < 0) {
            throw new IllegalArgumentException("no tree has " + size + " leaves");
        }
    }

    private static boolean isLine(String text) {
        return !text.isEmpty() && text.indexOf('\n') < 0;
    }

    /**
     * Returns a checkpoint without extensions.
     *
     * @throws IllegalArgumentException under the conditions of the constructor
     */
    public static Checkpoint of(String origin, long size, Hash root) {
        return new Checkpoint(origin, size, root, List.of());
    }

    /**
     * Reads the text of a note and keeps its extension lines.
     *
     * @throws MalformedException if the text is not a checkpoint
     */
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
     * Reads a checkpoint that {@code log} has signed. Its origin must be the name of that key. C2SP recommends this and
     * Ask First does it; it prevents one log's checkpoint from being accepted as another's.
     *
     * @throws MalformedException if the note is not a checkpoint
     * @throws NotProvenException if the log has not signed the note, or if the checkpoint belongs to another log
     */
    public static Checkpoint open(SignedNote note, NoteVerifier log) throws MalformedException, NotProvenException {
        Checkpoint checkpoint = parse(note.text());
        checkpoint.verify(note, log);
        return checkpoint;
    }

    /**
     * Verifies that {@code log} signed {@code note}, the note of this checkpoint, and that the checkpoint belongs to
     * that log.
     *
     * @throws NotProvenException if either is not the case
     */
    void verify(SignedNote note, NoteVerifier log) throws NotProvenException {
        note.verify(List.of(log));
        if (!origin.equals(log.name())) {
            throw new NotProvenException("the checkpoint belongs to another log than " + log.name());
        }
    }

    /** Returns the text to sign, which {@link #parse} reads. */
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
     * Returns the signed checkpoint.
     *
     * @param signers at least one; the log's own first
     */
    public SignedNote sign(List<? extends NoteSigner> signers) {
        return SignedNote.sign(text(), signers);
    }
}
