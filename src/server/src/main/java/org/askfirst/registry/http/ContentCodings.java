package org.askfirst.registry.http;

import com.github.luben.zstd.util.Native;
import io.netty.handler.codec.compression.Brotli;
import io.netty.handler.codec.compression.BrotliMode;
import io.netty.handler.codec.compression.CompressionOptions;
import io.netty.handler.codec.compression.StandardCompressionOptions;
import io.netty.handler.codec.compression.Zstd;
import io.netty.handler.codec.http.HttpContentCompressor;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The content codings of answers: gzip everywhere, and br and zstd where their native libraries run.
 *
 * <p>The windows are small, because each streamed answer holds one in native memory.
 */
@Singleton
class ContentCodings implements HttpServerOptionsCustomizer {
    /** Coding a shorter answer costs more time than it saves. */
    private static final int SMALL_BYTES = 1_024;

    private static final int GZIP_LEVEL = 6;
    private static final int GZIP_WINDOW_BITS = 15;
    private static final int GZIP_MEMORY_LEVEL = 8;
    private static final int BROTLI_QUALITY = 4;
    private static final int BROTLI_WINDOW_BITS = 18;
    private static final int ZSTD_LEVEL = 3;
    private static final int ZSTD_BLOCK_BYTES = 1 << 16;
    private static final int ZSTD_MOST_BYTES = 1 << 25;

    private static final boolean HAS_ZSTD = loadZstd();
    private static final List<CompressionOptions> OPTIONS = options();
    private static final Chooser CHOOSER = new Chooser(OPTIONS);

    /** Chooses as the server's own compressor does. */
    private static final class Chooser extends HttpContentCompressor {
        Chooser(List<CompressionOptions> options) {
            super(0, options.toArray(CompressionOptions[]::new));
        }

        @Nullable String choose(String acceptEncoding) {
            return determineEncoding(acceptEncoding);
        }
    }

    private static List<CompressionOptions> options() {
        List<CompressionOptions> options = new ArrayList<>();
        options.add(StandardCompressionOptions.gzip(GZIP_LEVEL, GZIP_WINDOW_BITS, GZIP_MEMORY_LEVEL));
        options.add(StandardCompressionOptions.deflate(GZIP_LEVEL, GZIP_WINDOW_BITS, GZIP_MEMORY_LEVEL));
        if (Brotli.isAvailable()) {
            options.add(StandardCompressionOptions.brotli(BROTLI_QUALITY, BROTLI_WINDOW_BITS, BrotliMode.TEXT));
        }
        if (HAS_ZSTD) {
            options.add(StandardCompressionOptions.zstd(ZSTD_LEVEL, ZSTD_BLOCK_BYTES, ZSTD_MOST_BYTES));
        }
        return List.copyOf(options);
    }

    /** Returns true if the native library of zstd runs on this machine. */
    static boolean hasZstd() {
        return HAS_ZSTD;
    }

    private static boolean loadZstd() {
        try {
            Native.load();
            return Zstd.isAvailable();
        } catch (LinkageError | RuntimeException notHere) {
            return false;
        }
    }

    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        options.setCompressors(OPTIONS);
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        options.setCompressors(OPTIONS);
    }

    @Override
    public void customizeDomainSocketServer(HttpServerOptions options) {
        options.setCompressors(OPTIONS);
    }

    /**
     * Returns the coding that the server will use for an answer that may be coded; null for none.
     *
     * @param acceptEncoding the values of the header; empty if it was not sent
     */
    static @Nullable String ofAnswer(List<String> acceptEncoding) {
        return acceptEncoding.isEmpty() ? null : CHOOSER.choose(String.join(",", acceptEncoding));
    }

    /**
     * Returns true if an answer is so short that coding it does not pay.
     *
     * @param contentLength the header; null if the length is not known
     */
    static boolean isSmall(@Nullable String contentLength) {
        return contentLength != null && contentLength.length() <= 4 && Integer.parseInt(contentLength) < SMALL_BYTES;
    }
}
