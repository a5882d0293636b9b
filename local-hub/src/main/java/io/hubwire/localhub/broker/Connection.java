package io.hubwire.localhub.broker;

import com.hivemq.bootstrap.ClientConnectionContext;
import com.hivemq.bootstrap.ClientState;
import com.hivemq.extension.sdk.api.packets.connect.ConnackReasonCode;
import com.hivemq.mqtt.message.QoS;
import com.hivemq.mqtt.message.connack.CONNACK;
import com.hivemq.mqtt.message.connack.Mqtt3ConnAckReturnCode;
import com.hivemq.mqtt.message.connect.CONNECT;
import com.hivemq.mqtt.message.disconnect.DISCONNECT;
import com.hivemq.mqtt.message.puback.PUBACK;
import com.hivemq.mqtt.message.publish.PUBLISH;
import com.hivemq.mqtt.message.reason.Mqtt5ConnAckReasonCode;
import com.hivemq.mqtt.message.suback.SUBACK;
import io.hubwire.localhub.endpoint.ConnectionFacts;
import io.hubwire.localhub.mqtt.ConnectDecision;
import io.hubwire.localhub.mqtt.ConnectPolicy;
import io.hubwire.localhub.mqtt.ConnectRequest;
import io.hubwire.localhub.mqtt.Conversation;
import io.hubwire.localhub.mqtt.IncomingPublish;
import io.hubwire.localhub.mqtt.Link;
import io.hubwire.localhub.mqtt.OutgoingPublish;
import io.hubwire.localhub.mqtt.PublishDecision;
import io.hubwire.localhub.mqtt.SubscribeDecision;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderException;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One MQTT connection, in the pipeline right behind the encoder: it sees every packet typed, in both directions, and
 * writes past the broker's window, queue and expiry.
 *
 * <p>What it adds to the broker: CONNACK leaves when the hub has opened the session; PUBACK leaves when the message is
 * safe, in order; PUBACKs of the client are the hub's, since all deliveries are. Whatever fails in the hub's code cuts the
 * connection.
 *
 * <p>Fields without a word are touched on the channel's event loop only.
 */
final class Connection extends ChannelDuplexHandler implements Link {
    private static final Logger log = LoggerFactory.getLogger("io.hubwire.localhub.mqtt");
    private static final Runnable NOTHING = () -> {};

    private final ConnectPolicy policy;
    private final PubackGate pubacks = new PubackGate();
    private final ReadGate reading = new ReadGate();

    private volatile @Nullable ChannelHandlerContext context;
    private volatile @Nullable ConnectionFacts facts;
    private volatile @Nullable ConnectRequest request;
    private volatile @Nullable Conversation conversation;
    /** Why the hub cuts it, once it does. */
    private final AtomicReference<@Nullable String> closing = new AtomicReference<>();

    private boolean graceful;
    private volatile boolean refusalLogged;

    Connection(ConnectPolicy policy) {
        this.policy = policy;
    }

    // ---- what the hub's extension hands in; on the broker's extension threads, one after another ----

    /** What is known of the connection; must be told before CONNECT. */
    void learned(ConnectionFacts known) {
        facts = known;
    }

    /** What is known; no CONNECT gets through without. */
    ConnectionFacts requireFacts() {
        return Objects.requireNonNull(facts);
    }

    /** Once it has said CONNECT. */
    Optional<String> clientId() {
        ConnectRequest asked = request;
        return asked == null ? Optional.empty() : Optional.of(asked.clientId());
    }

    /** CONNECT as the client sent it, before the broker sees what we made of it. */
    void asked(ConnectRequest asked) {
        request = asked;
    }

    /** Decides on CONNECT. */
    ConnackReasonCode authenticate() {
        ConnectRequest asked = request;
        if (asked == null) {
            return ConnackReasonCode.SERVER_UNAVAILABLE;
        }
        ConnectDecision decision;
        try {
            decision = policy.decide(asked, this);
        } catch (RuntimeException | Error e) {
            refusalLogged = true;
            failed("refused " + asked + ": the hub failed", e);
            return ConnackReasonCode.SERVER_UNAVAILABLE;
        }
        if (decision instanceof ConnectDecision.Refused refused) {
            refusalLogged = true;
            log.info("refused {} with code {}: {}", asked, refused.code().number(), refused.reason());
            return BrokerPackets.reason(refused.code());
        }
        conversation = ((ConnectDecision.Accepted) decision).conversation();
        return ConnackReasonCode.SUCCESS;
    }

    /** Whether a PUBLISH at QoS 2 is to be treated as one at QoS 1. */
    boolean acknowledgesQos2() {
        Conversation peer = conversation;
        return peer != null && peer.acknowledgesQos2();
    }

    /** Whether the PUBLISH was taken; if not, the connection is being cut. */
    boolean published(IncomingPublish packet, int packetId) {
        Conversation peer = conversation;
        if (peer == null || isClosing()) {
            return false;
        }
        try {
            Runnable safe = packet.qos() == 1 ? pubacks.expect(packetId, this::releasePubacks) : NOTHING;
            if (peer.published(packet, safe) instanceof PublishDecision.Closed closed) {
                close(closed.reason());
                return false;
            }
            return true;
        } catch (RuntimeException | Error e) {
            failed(
                    "cutting the connection of " + request + ": the hub failed on a PUBLISH to [" + packet.topic()
                            + "]",
                    e);
            close("internal failure");
            return false;
        }
    }

    /** Whether the SUBSCRIBE is granted; if not, the connection is being cut. */
    boolean subscribing(Map<String, Integer> filters) {
        Conversation peer = conversation;
        if (peer == null || isClosing()) {
            return false;
        }
        try {
            if (peer.subscribing(filters) instanceof SubscribeDecision.Closed closed) {
                close(closed.reason());
                return false;
            }
            return true;
        } catch (RuntimeException | Error e) {
            failed("cutting the connection of " + request + ": the hub failed on a SUBSCRIBE", e);
            close("internal failure");
            return false;
        }
    }

    void unsubscribed(List<String> filters) {
        Conversation peer = conversation;
        if (peer != null) {
            try {
                peer.unsubscribed(filters);
            } catch (RuntimeException | Error e) {
                failed("cutting the connection of " + request + ": the hub failed on an UNSUBSCRIBE", e);
                close("internal failure");
            }
        }
    }

    /** A disk that fails is no mystery and would say the same for each packet: one line. All else shows where it came from. */
    private static void failed(String what, Throwable e) {
        if (e instanceof HubwireException known && known.code() == ErrorCode.STORAGE_FAILED) {
            log.error("{}: {}", what, e.getMessage());
        } else {
            log.error("{}", what, e);
        }
    }

    // ---- Link: what the hub asks of the connection; on any thread ----

    @Override
    public void publish(OutgoingPublish packet, Runnable written) {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            return;
        }
        PUBLISH message = BrokerPackets.publish(packet);
        ctx.executor().execute(() -> ctx.writeAndFlush(message).addListener(done -> {
            if (done.isSuccess()) {
                written.run();
            } else {
                ctx.close();
            }
        }));
    }

    @Override
    public long backlog() {
        ChannelHandlerContext ctx = context;
        return ctx == null ? 0 : ctx.channel().bytesBeforeWritable();
    }

    @Override
    public void close(String reason) {
        ChannelHandlerContext ctx = context;
        if (ctx != null && closing.compareAndSet(null, reason)) {
            log.info("cutting the connection of {}: {}", peerName(ctx), reason);
            ctx.channel().close();
        }
    }

    private boolean isClosing() {
        return closing.get() != null;
    }

    /** As much as is known by now. */
    private Object peerName(ChannelHandlerContext ctx) {
        ConnectRequest asked = request;
        ConnectionFacts known = facts;
        return asked != null
                ? asked
                : known != null ? known : String.valueOf(ctx.channel().remoteAddress());
    }

    // ---- the pipeline; on the event loop ----

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object packet) {
        Conversation peer = conversation;
        if (packet instanceof PUBACK puback && peer != null) {
            peer.acknowledged(puback.getPacketIdentifier());
            return;
        }
        if (packet instanceof PUBLISH publish && publish.getQoS() != QoS.AT_MOST_ONCE) {
            reading.arrived();
            readOrNot(ctx);
        } else if (packet instanceof DISCONNECT) {
            graceful = true;
        } else if (packet instanceof CONNECT && facts == null) {
            close("a connection to the loopback listener that no endpoint announced");
            return;
        }
        ctx.fireChannelRead(packet);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object packet, ChannelPromise promise) {
        Conversation peer = conversation;
        if (packet instanceof CONNACK connack
                && peer == null
                && connack.getReasonCode() == Mqtt5ConnAckReasonCode.SUCCESS) {
            close("let in by another of the broker's extensions, which the hub was not asked about");
            promise.setFailure(new ClosedChannelException());
        } else if (packet instanceof CONNACK connack
                && peer != null
                && connack.getReturnCode() == Mqtt3ConnAckReturnCode.ACCEPTED) {
            // the broker holds back everything behind CONNACK until that is written
            peer.open(sessionPresent -> ctx.executor().execute(() -> opened(ctx, peer, sessionPresent, promise)));
        } else if (packet instanceof PUBACK puback && peer != null) {
            pubacks.leave(puback.getPacketIdentifier(), () -> {
                ctx.write(packet, promise);
                reading.acknowledged();
                readOrNot(ctx);
            });
        } else if (packet instanceof SUBACK && peer != null) {
            ctx.write(packet, promise).addListener(done -> peer.subscribed());
        } else if (packet instanceof PUBLISH) {
            // the broker has nothing of its own to deliver; should it ever, it is not for this client
            log.warn("dropped a PUBLISH of the broker itself to {}", request);
            ReferenceCountUtil.release(packet);
            promise.setSuccess();
        } else {
            ctx.write(packet, promise);
        }
    }

    private void opened(ChannelHandlerContext ctx, Conversation peer, boolean sessionPresent, ChannelPromise promise) {
        // nothing is read before CONNACK is out, so a client that has gone would not be noticed otherwise
        ctx.writeAndFlush(BrokerPackets.accepted(sessionPresent), promise)
                .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        peer.accepted();
    }

    /** From any thread: a message became safe whose PUBACK may be waiting. */
    private void releasePubacks() {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            ctx.executor().execute(() -> {
                if (pubacks.release()) {
                    ctx.flush();
                }
            });
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        boolean writable = ctx.channel().isWritable();
        reading.writable(writable);
        readOrNot(ctx);
        Conversation peer = conversation;
        if (writable && peer != null) {
            peer.writable();
        }
        ctx.fireChannelWritabilityChanged();
    }

    private void readOrNot(ChannelHandlerContext ctx) {
        Conversation peer = conversation;
        reading.change(peer == null ? Integer.MAX_VALUE : peer.telemetryWindow())
                .ifPresent(ctx.channel().config()::setAutoRead);
    }

    /** The broker's decoders run past the end of some malformed packets; a decoder's failure is the client's. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof DecoderException) {
            close("a packet that cannot be read: " + cause.getMessage());
        } else {
            ctx.fireExceptionCaught(cause);
        }
    }

    private String ending(ChannelHandlerContext ctx) {
        if (graceful) {
            return "DISCONNECT of";
        }
        if (request == null) {
            return "cut or closed before a CONNECT that MQTT allows, the connection with";
        }
        ClientState state = ClientConnectionContext.of(ctx.channel()).getClientState();
        return state == ClientState.DISCONNECTED_BY_SERVER
                ? "cut for silence or for a packet that MQTT does not allow, the connection of"
                : "connection lost of";
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        Conversation peer = conversation;
        if (!isClosing() && !refusalLogged && facts != null) {
            log.info("{} {}", ending(ctx), request == null ? facts : request);
        }
        if (peer != null) {
            peer.closed(graceful);
        }
        context = null;
        ctx.fireChannelInactive();
    }
}
