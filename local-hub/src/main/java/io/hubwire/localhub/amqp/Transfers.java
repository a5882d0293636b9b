package io.hubwire.localhub.amqp;

import java.nio.ByteBuffer;
import org.apache.qpid.protonj2.buffer.ProtonBuffer;
import org.apache.qpid.protonj2.engine.OutgoingDelivery;
import org.apache.qpid.protonj2.engine.Sender;
import org.apache.qpid.protonj2.types.transport.SenderSettleMode;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages on one link. A message of several frames may stop in the middle, when the session's window is used up;
 * the rest goes out first when there is room again.
 */
final class Transfers {
    /** The .NET SDK reads a delivery's tag as a GUID. */
    private static final int TAG_BYTES = 16;

    private final Sender link;
    private long sent;
    private @Nullable OutgoingDelivery unfinished;
    private @Nullable ProtonBuffer rest;

    Transfers(Sender link) {
        this.link = link;
    }

    /** Whether {@link #send} may be called now: there are credit and window, and nothing is half sent. */
    boolean ready() {
        finishCurrent();
        return unfinished == null && link.isSendable();
    }

    /**
     * Sends one message, as far as the window lets it.
     *
     * @param settled whether the sender settles at once; a link whose mode says otherwise overrules
     */
    OutgoingDelivery send(ProtonBuffer message, boolean settled) {
        OutgoingDelivery delivery = link.next();
        delivery.setTag(
                ByteBuffer.allocate(TAG_BYTES).putLong(0).putLong(++sent).array());
        SenderSettleMode mode = link.getSenderSettleMode();
        if (mode == SenderSettleMode.SETTLED || settled && mode != SenderSettleMode.UNSETTLED) {
            delivery.settle();
        }
        unfinished = delivery;
        rest = message;
        finishCurrent();
        return delivery;
    }

    private void finishCurrent() {
        if (unfinished != null && rest != null && link.isSendable()) {
            unfinished.writeBytes(rest);
            if (!rest.isReadable()) {
                unfinished = null;
                rest = null;
            }
        }
    }
}
