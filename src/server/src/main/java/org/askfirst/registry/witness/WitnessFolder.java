package org.askfirst.registry.witness;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.PrivateKey;
import java.util.Optional;
import org.askfirst.registry.files.PrivateFiles;
import org.askfirst.registry.transparency.KeyFile;
import org.askfirst.tlog.MalformedException;
import org.askfirst.tlog.SignedNote;
import org.askfirst.tlog.Witness;

/**
 * The folder of a witness: its private key, and a small file for each log with the last checkpoint that it cosigned.
 *
 * <p>A file is replaced in one step, and is on the disk before the cosignature is sent. Whoever restores an older copy of
 * the folder makes the witness forget: it would then cosign a second history.
 */
final class WitnessFolder implements Witness.Memory, AutoCloseable {
    private static final String KEY = "witness.key";
    private static final String LOCK = "lock";

    private final Path folder;
    private final FileChannel channel;

    private WitnessFolder(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /**
     * Opens the folder, which is created if it does not exist.
     *
     * @throws IOException if it cannot be used, or if another witness uses it
     */
    static WitnessFolder open(Path folder) throws IOException {
        PrivateFiles.createFolder(folder);
        FileChannel channel =
                FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return new WitnessFolder(folder, channel);
            }
        } catch (OverlappingFileLockException ownProcess) {
            channel.close();
            throw new IOException("another witness uses the folder " + folder.toAbsolutePath(), ownProcess);
        }
        channel.close();
        throw new IOException("another witness uses the folder " + folder.toAbsolutePath());
    }

    /** Returns the private key, which is created at the first start. */
    PrivateKey key() {
        Path file = folder.resolve(KEY);
        Optional<PrivateKey> key = KeyFile.read(file);
        return key.isPresent() ? key.get() : KeyFile.create(file);
    }

    private Path fileOf(String origin) {
        return folder.resolve(WitnessServer.hash(origin) + ".checkpoint");
    }

    @Override
    public Optional<SignedNote> last(String origin) throws IOException {
        Path file = fileOf(origin);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(SignedNote.parse(Files.readAllBytes(file)));
        } catch (MalformedException damaged) {
            throw new IOException(file + " is damaged", damaged);
        }
    }

    @Override
    public void replace(String origin, SignedNote cosigned) throws IOException {
        PrivateFiles.write(fileOf(origin), cosigned.toString());
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
