package org.askfirst.registry.http;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ServerChannel;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import io.quarkus.vertx.http.HttpServerStart;
import io.quarkus.vertx.http.HttpsServerStart;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.impl.ConnectionBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.ObservesAsync;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Limits the open connections of each address and of all, and closes those that do nothing.
 *
 * <p>At a limit, the oldest connection without a request gives way to the new one, so that idle connections keep nobody
 * out. A connection is closed if its next head is not complete {@link #HEAD} after it began, if no request is under way
 * for {@link #IDLE}, or if the reader of an answer takes nothing for {@link #STALL} while its request is not being
 * received either. The server's own limits do not tell these apart, so this class adds a handler to each connection.
 */
@ApplicationScoped
class Connections {
    /** Time for the first head of a connection, and for each later head from its first byte. */
    static final Duration HEAD = Duration.ofSeconds(30);

    /** Time for which a connection stays open without a request. Proxies keep connections for 60 seconds. */
    static final Duration IDLE = Duration.ofSeconds(75);

    /** Time for which an answer waits for a reader that takes nothing. */
    static final Duration STALL = Duration.ofSeconds(30);

    private static final int MOST = 10_000;

    /** Number of file descriptors that are not for connections: files, the database, and other processes' pipes. */
    private static final int OTHER_DESCRIPTORS = 300;

    /** Number of connections among which an idle one is looked for. */
    private static final int CANDIDATES = 256;

    private static final Duration CHECK = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final int managementPort;
    private final int mostOfAnAddress;
    private final int most;
    private final Map<String, Set<Watch>> byAddress = new HashMap<>();
    private final Set<Watch> all = new LinkedHashSet<>();

    Connections(
            Vertx vertx,
            AdmissionConfig config,
            @ConfigProperty(name = "quarkus.http.proxy.proxy-address-forwarding", defaultValue = "false")
                    boolean behindProxy,
            @ConfigProperty(name = "quarkus.management.port", defaultValue = "9000") int managementPort) {
        this.vertx = vertx;
        this.managementPort = managementPort;
        this.most = most();
        this.mostOfAnAddress = behindProxy ? most : config.connectionsOfAnAddress();
    }

    private static int most() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? (int) Math.max(100, Math.min(MOST, system.getMaxFileDescriptorCount() / 2 - OTHER_DESCRIPTORS))
                : MOST;
    }

    void begin(@ObservesAsync HttpServerStart started) {
        guardListeners();
    }

    void beginSecure(@ObservesAsync HttpsServerStart started) {
        guardListeners();
    }

    /** Puts a guard before each listening socket. The framework has no place for one. */
    private void guardListeners() {
        for (EventExecutor loop : ((VertxInternal) vertx).getAcceptorEventLoopGroup()) {
            if (loop instanceof SingleThreadEventLoop channels) {
                loop.execute(() -> channels.registeredChannelsIterator().forEachRemaining(channel -> {
                    if (channel instanceof ServerChannel
                            && !isForManagement(channel)
                            && channel.pipeline().get(Guard.class) == null) {
                        channel.pipeline().addFirst(new Guard());
                    }
                }));
            }
        }
    }

    private boolean isForManagement(Channel listener) {
        return listener.localAddress() instanceof InetSocketAddress local && local.getPort() == managementPort;
    }

    /** Returns the watch of the request's connection; null if it was opened before the guards were there. */
    static @Nullable Watch of(HttpServerRequest request) {
        return request.connection() instanceof ConnectionBase connection
                ? connection.channel().pipeline().get(Watch.class)
                : null;
    }

    /** Sees each new connection before it is served. */
    @Sharable
    private final class Guard extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object accepted) {
            if (accepted instanceof Channel connection && !admit(connection)) {
                connection.unsafe().closeForcibly();
                return;
            }
            context.fireChannelRead(accepted);
        }
    }

    private boolean admit(Channel connection) {
        String address = address(connection.remoteAddress());
        Watch watch = new Watch(connection, System::nanoTime);
        synchronized (this) {
            Set<Watch> ofAddress = byAddress.computeIfAbsent(address, unknown -> new LinkedHashSet<>());
            if ((ofAddress.size() >= mostOfAnAddress && !closeOldestIdle(ofAddress))
                    || (all.size() >= most && !closeOldestIdle(all))) {
                return false;
            }
            ofAddress.add(watch);
            all.add(watch);
        }
        connection.closeFuture().addListener(closed -> forget(address, watch));
        connection.pipeline().addLast(watch);
        return true;
    }

    private static String address(@Nullable SocketAddress remote) {
        return remote instanceof InetSocketAddress internet && internet.getAddress() != null
                ? AskerAddress.of(internet.getAddress())
                : "";
    }

    /** Closes the oldest connection without a request. Returns false if there is none among the oldest. */
    private static boolean closeOldestIdle(Set<Watch> connections) {
        int looked = 0;
        for (Iterator<Watch> oldest = connections.iterator(); oldest.hasNext() && looked < CANDIDATES; looked++) {
            Watch watch = oldest.next();
            if (watch.isIdle()) {
                oldest.remove();
                watch.close();
                return true;
            }
        }
        return false;
    }

    private synchronized void forget(String address, Watch watch) {
        all.remove(watch);
        Set<Watch> ofAddress = byAddress.get(address);
        if (ofAddress != null) {
            ofAddress.remove(watch);
            if (ofAddress.isEmpty()) {
                byAddress.remove(address);
            }
        }
    }

    /** Watches one connection. Only its event loop uses the state, except for the fields that are volatile. */
    static final class Watch extends ChannelInboundHandlerAdapter {
        private final Channel channel;
        private final LongSupplier nanoTime;
        private final AtomicInteger underWay = new AtomicInteger();
        private @Nullable HttpServerRequest request;
        private @Nullable ScheduledFuture<?> checks;
        private boolean hadRequest;
        private long quietSince;
        private long headSince;
        private long receivedAt;
        private long sentAt;
        private int sending;
        private long sendingProgress;

        Watch(Channel channel, LongSupplier nanoTime) {
            this.channel = channel;
            this.nanoTime = nanoTime;
            long now = nanoTime.getAsLong();
            quietSince = now;
            receivedAt = now;
            sentAt = now;
        }

        /** Returns true if no request is under way and no answer is still being sent. */
        boolean isIdle() {
            return underWay.get() == 0 && channel.isRegistered() && channel.isWritable();
        }

        void close() {
            channel.close().addListener(closed -> {});
        }

        /** Called on the event loop when the head of a request is complete. */
        void begin(HttpServerRequest begun) {
            underWay.incrementAndGet();
            request = begun;
            hadRequest = true;
            headSince = 0;
            sentAt = nanoTime.getAsLong();
        }

        /** Called when the exchange has ended. */
        void end() {
            if (channel.eventLoop().inEventLoop()) {
                ended();
            } else {
                channel.eventLoop().execute(this::ended);
            }
        }

        private void ended() {
            if (underWay.decrementAndGet() == 0) {
                request = null;
                quietSince = nanoTime.getAsLong();
            }
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            checks = context.executor()
                    .scheduleWithFixedDelay(this::check, CHECK.toMillis(), CHECK.toMillis(), TimeUnit.MILLISECONDS);
            context.fireChannelActive();
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            receivedAt = nanoTime.getAsLong();
            if (underWay.get() == 0 && headSince == 0) {
                headSince = receivedAt;
            }
            context.fireChannelRead(message);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (checks != null) {
                checks.cancel(false);
            }
            HttpServerRequest interrupted = request;
            context.fireChannelInactive();
            if (interrupted != null) {
                // A worker that writes an answer waits on the connection. It must notice the end in any case.
                Object connection = interrupted.connection();
                context.executor()
                        .schedule(() -> wake(connection), 1, TimeUnit.SECONDS)
                        .addListener(woken -> {});
            }
        }

        @SuppressWarnings("SynchronizationOnLocalVariableOrMethodParameter") // The framework waits on this object.
        private static void wake(Object connection) {
            synchronized (connection) {
                connection.notifyAll();
            }
        }

        private void check() {
            long now = nanoTime.getAsLong();
            noteSending(now);
            if (isOverdue(now)) {
                close();
            }
        }

        private boolean isOverdue(long now) {
            if (underWay.get() > 0) {
                HttpServerRequest current = request;
                boolean isReceiving = current != null && !current.isEnded();
                long moved = isReceiving ? Math.max(sentAt, receivedAt) : sentAt;
                return sending != 0 && now - moved > STALL.toNanos();
            }
            long since = headSince == 0 ? quietSince : headSince;
            Duration allowed = headSince != 0 || !hadRequest ? HEAD : IDLE;
            return now - since > allowed.toNanos();
        }

        /** Notes whether bytes wait to be sent, and when the connection last took some. */
        private void noteSending(long now) {
            ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
            Object first = buffer == null ? null : buffer.current();
            int id = first == null ? 0 : Math.max(1, System.identityHashCode(first));
            long progress = buffer == null ? 0 : buffer.currentProgress();
            if (id == 0 || id != sending || progress != sendingProgress) {
                sentAt = now;
            }
            sending = id;
            sendingProgress = progress;
        }
    }
}
