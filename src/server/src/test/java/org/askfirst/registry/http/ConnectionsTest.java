package org.askfirst.registry.http;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A connection that does nothing is closed, each state after its own time. */
class ConnectionsTest {
    private long seconds;
    private EmbeddedChannel channel = new EmbeddedChannel();

    @BeforeEach
    void connect() {
        seconds = 0;
        channel = new EmbeddedChannel();
        channel.pipeline().addLast(new Connections.Watch(channel, () -> TimeUnit.SECONDS.toNanos(seconds)));
        channel.pipeline().fireChannelActive();
    }

    /** Lets the time pass, with the checks that are due. */
    private boolean isOpenAfter(long more) {
        for (long end = seconds + more; seconds < end; seconds++) {
            channel.advanceTimeBy(1, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();
        }
        return channel.isOpen();
    }

    private void receive() {
        channel.writeInbound(Unpooled.wrappedBuffer(new byte[1]));
    }

    @Test
    void aConnectionHasHalfAMinuteForItsFirstHead() {
        assertTrue(isOpenAfter(29));
        assertFalse(isOpenAfter(12));
    }

    @Test
    void bytesOfAHeadDoNotProlongIt() {
        for (int i = 0; i < 28; i++) {
            receive();
            assertTrue(isOpenAfter(1));
        }
        receive();
        assertFalse(isOpenAfter(14));
    }
}
