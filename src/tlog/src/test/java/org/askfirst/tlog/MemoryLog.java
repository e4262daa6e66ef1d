package org.askfirst.tlog;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A complete log in memory, written like a real one: the frontier for appending, the hashes of complete subtrees in the
 * rows that tiles store, and every resource below the log's prefix by its path.
 */
final class MemoryLog {
    static final String ORIGIN = "registry.example/log";

    private final Map<Subtree, Hash> kept = new HashMap<>();
    private final Map<String, byte[]> resources = new TreeMap<>();
    private final List<byte[]> entries = new ArrayList<>();
    private final List<Hash> leaves = new ArrayList<>();
    private final Ed25519Signer signer;
    private Frontier frontier = Frontier.empty();

    MemoryLog() {
        try {
            signer = Ed25519Signer.of(
                    ORIGIN,
                    KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Returns a log that grew to {@code size} in uneven steps, with a checkpoint after each. */
    static MemoryLog grownTo(int size) {
        MemoryLog log = new MemoryLog();
        int[] steps = {1, 2, 252, 1, 1, 255, 3, 1000, 7919};
        for (int i = 0; log.size() < size; i++) {
            log.append(Math.min(steps[i % steps.length], size - log.size()));
        }
        return log;
    }

    /** Appends different entries of many lengths and publishes the new resources. */
    void append(int count) {
        int oldSize = size();
        for (int i = oldSize; i < oldSize + count; i++) {
            byte[] entry =
                    ("{\"position\":" + i + ",\"이름\":\"" + "가".repeat(i % 40) + "\"}").getBytes(StandardCharsets.UTF_8);
            entries.add(entry);
            leaves.add(MerkleTree.leafHash(entry));
        }
        frontier = frontier.append(leaves.subList(oldSize, leaves.size()), (subtree, hash) -> {
            if (subtree.level() % Tile.HEIGHT == 0) {
                kept.put(subtree, hash);
            }
        });
        for (Tile tile : Tile.between(oldSize, size())) {
            resources.put(tile.path(), tile.bytes(this::read));
        }
        for (EntryBundle bundle : EntryBundle.between(oldSize, size())) {
            resources.put(bundle.path(), bundle.bytes(entries.subList((int) bundle.start(), (int) bundle.end())));
        }
        resources.put("checkpoint", checkpoint().toString().getBytes(StandardCharsets.UTF_8));
    }

    private List<Hash> read(List<Subtree> subtrees) {
        return subtrees.stream()
                .map(subtree -> Objects.requireNonNull(kept.get(subtree)))
                .toList();
    }

    int size() {
        return leaves.size();
    }

    byte[] entry(int index) {
        return entries.get(index);
    }

    List<byte[]> entries() {
        return entries;
    }

    Hash leaf(int index) {
        return leaves.get(index);
    }

    List<Hash> leaves() {
        return leaves;
    }

    Hash root() {
        return frontier.root();
    }

    SignedNote checkpoint() {
        return Checkpoint.of(ORIGIN, size(), frontier.root()).sign(List.of(signer));
    }

    /** Returns the checkpoint with cosignatures of witnesses with these names. */
    SignedNote cosigned(String... witnesses) {
        List<NoteSigner> signers = new ArrayList<>(List.of(signer));
        for (String name : witnesses) {
            try {
                signers.add(CosignatureSigner.of(
                        name,
                        KeyPairGenerator.getInstance("Ed25519")
                                .generateKeyPair()
                                .getPrivate(),
                        InstantSource.system()));
            } catch (GeneralSecurityException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
        return Checkpoint.of(ORIGIN, size(), frontier.root()).sign(signers);
    }

    Ed25519Signer signer() {
        return signer;
    }

    /** Returns every published path below the prefix. */
    Map<String, byte[]> resources() {
        return resources;
    }

    /** Returns a reader that uses only published tiles. */
    TileHashReader reader() {
        return new TileHashReader(
                tiles -> tiles.stream()
                        .map(tile -> Objects.requireNonNull(resources.get(tile.path()), tile.path()))
                        .toList(),
                size());
    }

    /** Writes the log to a directory that a web server could serve. */
    void writeTo(Path directory) throws IOException {
        for (Map.Entry<String, byte[]> resource : resources.entrySet()) {
            Path file = directory.resolve(resource.getKey());
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            Files.write(file, resource.getValue());
        }
    }
}
