package org.askfirst.registry.transparency;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import org.askfirst.registry.files.PrivateFiles;
import org.jboss.logging.Logger;

/** Reads and creates a file with a private Ed25519 key: PKCS #8 in PEM, readable only by its owner. */
public final class KeyFile {
    private static final Logger LOG = Logger.getLogger(KeyFile.class);
    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";
    private static final int LINE = 64;

    private KeyFile() {}

    /**
     * Reads the key; empty if the file does not exist.
     *
     * @throws LogMismatchException if the file cannot be read, or has no such key
     */
    public static Optional<PrivateKey> read(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            warnIfOpen(file);
            String pem = Files.readString(file, StandardCharsets.US_ASCII).strip();
            if (!pem.startsWith(BEGIN) || !pem.endsWith(END)) {
                throw new LogMismatchException(file + " is not a private key in PEM");
            }
            byte[] encoded = Base64.getMimeDecoder().decode(pem.substring(BEGIN.length(), pem.length() - END.length()));
            return Optional.of(KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(encoded)));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException failure) {
            throw new LogMismatchException(file + " cannot be read as a private Ed25519 key", failure);
        }
    }

    /** Creates a key and its file, which is durable when this returns. An existing file is not overwritten. */
    public static PrivateKey create(Path file) {
        try {
            PrivateKey key =
                    KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate();
            String pem = BEGIN + "\n"
                    + Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(key.getEncoded()) + "\n" + END
                    + "\n";
            if (Files.exists(file)) {
                throw new IllegalStateException(file + " appeared while a key was created");
            }
            PrivateFiles.write(file, pem);
            return key;
        } catch (IOException | GeneralSecurityException failure) {
            throw new IllegalStateException("a key cannot be stored in " + file, failure);
        }
    }

    private static void warnIfOpen(Path file) throws IOException {
        if (!hasModes()) {
            return;
        }
        Set<PosixFilePermission> modes = Files.getPosixFilePermissions(file);
        if (modes.contains(PosixFilePermission.GROUP_READ) || modes.contains(PosixFilePermission.OTHERS_READ)) {
            LOG.warnf("Other users can read %s; run chmod 600 on it", file);
        }
    }

    private static boolean hasModes() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }
}
