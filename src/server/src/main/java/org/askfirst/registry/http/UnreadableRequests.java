package org.askfirst.registry.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests that the HTTP server cannot read with a problem. The server itself answers them without a body, and
 * the framework cannot change that. So this class places a handler between the decoder and the server, by the extension
 * point of Netty for this purpose, which finds it by its name in {@code META-INF/services}.
 */
public final class UnreadableRequests extends ChannelInitializerExtension {
    private static final String NAME = "askfirst-unreadable";
    private static final String DECODER = "httpDecoder";
    private static final String SERVER = "handler";
    private static final int LINGER_SECONDS = 2;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Makes Netty look for extensions. Called before the server starts. */
    static void install() {
        System.setProperty(EXTENSIONS_SYSTEM_PROPERTY, "serviceload");
    }

    @Override
    public void postInitializeServerChildChannel(Channel channel) {
        channel.pipeline().addFirst(new Placing());
    }

    /** Waits until the server has set up the connection, and then places the handler. */
    private static final class Placing extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ChannelPipeline pipeline = context.pipeline();
            if (pipeline.get(SERVER) != null) {
                if (pipeline.get(DECODER) != null) {
                    pipeline.addBefore(SERVER, NAME, new Judging());
                }
                pipeline.remove(this);
            }
            context.fireChannelRead(message);
        }
    }

    /** Looks at the head of each request. */
    private static final class Judging extends ChannelDuplexHandler {
        private int inProgress;
        private boolean isRefused;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (isRefused) {
                ReferenceCountUtil.release(message);
                return;
            }
            if (message instanceof HttpRequest request) {
                ProblemException fault = fault(request);
                if (fault != null && inProgress == 0) {
                    isRefused = true;
                    ReferenceCountUtil.release(message);
                    refuse(context, fault);
                    return;
                }
                if (fault != null) {
                    // Answers to earlier requests of this connection come first. The server keeps the order.
                    request.setDecoderResult(DecoderResult.failure(fault));
                }
                inProgress++;
            }
            context.fireChannelRead(message);
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            if (message instanceof LastHttpContent && !isInterim(message)) {
                inProgress--;
            }
            var unused = context.write(message, promise);
        }

        private static boolean isInterim(Object message) {
            return message instanceof HttpResponse response
                    && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        }
    }

    private static @Nullable ProblemException fault(HttpRequest request) {
        DecoderResult result = request.decoderResult();
        if (result.isFailure()) {
            Throwable cause = result.cause();
            if (cause instanceof TooLongHttpLineException) {
                return Problem.URI_TOO_LONG.because("The request line is too long; send a long lookup as POST");
            }
            if (cause instanceof TooLongHttpHeaderException) {
                return Problem.HEADERS_TOO_LARGE.because("The headers are too long; send fewer or shorter ones");
            }
            return Problem.MALFORMED_REQUEST.because("The request is no HTTP/1.1 (RFC 9112)");
        }
        if (!request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                && !request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
            return Problem.MALFORMED_REQUEST.because("The registry speaks HTTP/1.1, not this version");
        }
        if (hasOddPercent(request.uri())) {
            return Problem.MALFORMED_REQUEST.because("The address has a percent sign without two hexadecimal digits");
        }
        List<String> codings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
        return codings.isEmpty()
                        || (codings.size() == 1 && HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(codings.get(0)))
                ? null
                : Problem.MALFORMED_REQUEST.because("The registry reads no other Transfer-Encoding than chunked");
    }

    /** Returns true if a percent sign begins no escape; the router would refuse the request without a body. */
    private static boolean hasOddPercent(String uri) {
        int end = uri.length();
        for (int i = uri.indexOf('%'); i >= 0 && i < end; i = uri.indexOf('%', i + 1)) {
            if (i + 2 >= end || isNoHex(uri.charAt(i + 1)) || isNoHex(uri.charAt(i + 2))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isNoHex(char digit) {
        return Character.digit(digit, 16) < 0;
    }

    private static void refuse(ChannelHandlerContext context, ProblemException fault) {
        ByteBuf body = Unpooled.wrappedBuffer(body(fault));
        DefaultFullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(fault.problem().status()), body);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, ProblemMapper.MEDIA_TYPE)
                .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
                .set(HttpHeaderNames.CONTENT_ENCODING, HttpHeaderValues.IDENTITY)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
                .set(HttpHeaderNames.DATE, AnswerHeaders.date(Instant.now()))
                .set("X-Content-Type-Options", "nosniff")
                .set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        var unused = context.writeAndFlush(response).addListener((ChannelFuture sent) -> close(sent.channel()));
    }

    /** Closes our half first, because a close with unread bytes would take the answer away from the client. */
    private static void close(Channel channel) {
        if (channel instanceof DuplexChannel duplex && channel.isActive()) {
            var unused = duplex.shutdownOutput();
            channel.config().setAutoRead(true);
            var unusedToo = channel.eventLoop()
                    .schedule(
                            () -> {
                                var unusedClose = channel.close();
                            },
                            LINGER_SECONDS,
                            TimeUnit.SECONDS);
        } else {
            var unused = channel.close();
        }
    }

    private static byte[] body(ProblemException fault) {
        try {
            return MAPPER.writeValueAsBytes(ProblemDocument.of(fault));
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
