package io.hubwire.mqtt.paho;

import io.hubwire.mqtt.link.Inbound;
import io.hubwire.mqtt.link.LinkEnd;
import io.hubwire.mqtt.link.LinkFailures;
import io.hubwire.mqtt.link.LinkListener;
import io.hubwire.mqtt.link.LinkSettings;
import io.hubwire.mqtt.link.MqttLink;
import io.hubwire.mqtt.link.PacketTap;
import io.hubwire.mqtt.link.PacketType;
import io.hubwire.mqtt.link.Publication;
import io.hubwire.mqtt.link.Will;
import io.hubwire.mqtt.link.Wire;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.TransportException;
import io.hubwire.protocol.time.Timer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.paho.client.mqttv3.IMqttActionListener;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.IMqttToken;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.internal.wire.MqttWireMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection, carried by one Paho client that is made for it and dropped with it. Clean session is off, so the hub
 * keeps subscriptions and undelivered messages; acknowledgements are ours to send.
 *
 * <p>Paho runs three lasting threads for it and a short one to open and one to close. We never wait for any of them:
 * {@link #abort} cuts the wire and reports the end itself, and Paho's threads find their streams broken and leave.
 */
final class PahoLink implements MqttLink {
    private static final Logger log = LoggerFactory.getLogger(PahoLink.class);
    private static final int QOS_1 = 1;

    private final LinkSettings settings;
    private final LinkListener listener;
    private final Wire wire;
    private final WireModule module;
    private final PahoPings pings;
    private final PahoThreads threads;
    private final PahoClient client;
    private final Acknowledgements acknowledgements;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile boolean up;
    private volatile boolean closing;
    private volatile boolean starterEnded;

    PahoLink(LinkSettings settings, LinkListener listener, Wire wire, Timer timer, ThreadFactory threadFactory) {
        this.settings = settings;
        this.listener = listener;
        this.wire = wire;
        this.pings = new PahoPings(timer, settings.keepAlive(), this::noAnswerToPing);
        PacketTap tap = new PacketTap(settings.trace(), pings::sending, new Arrivals());
        this.module = new WireModule(wire, tap, settings.resend().size());
        this.threads = new PahoThreads(threadFactory, timer, this::readerEnded, this::starterEnded);
        this.acknowledgements = new Acknowledgements(settings.resend());
        this.client = PahoClient.create(settings, module, pings, threads);
        client.setManualAcks(true);
        client.setCallback(new Callback());
    }

    @Override
    public void open() {
        try {
            client.connect(options(), null, new Answer() {
                @Override
                public void onSuccess(IMqttToken token) {
                    up = true;
                    listener.up(token.getSessionPresent());
                }

                @Override
                public void onFailure(IMqttToken token, Throwable failure) {
                    end(connectFailed(failure));
                }
            });
        } catch (MqttException impossible) {
            end(connectFailed(impossible));
        }
    }

    private MqttConnectOptions options() {
        MqttConnectOptions options = new MqttConnectOptions();
        options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
        options.setCleanSession(false);
        options.setAutomaticReconnect(false);
        options.setKeepAliveInterval((int) settings.keepAlive().toSeconds());
        options.setMaxInflight(settings.window() + Acknowledgements.AHEAD + LinkSettings.CONTROL_WINDOW);
        options.setUserName(settings.userName());
        String password = settings.password();
        if (password != null) {
            options.setPassword(password.toCharArray());
        }
        Will will = settings.will();
        if (will != null) {
            options.setWill(will.topic(), will.body(), will.qos(), false);
        }
        return options;
    }

    private LinkEnd connectFailed(Throwable failure) {
        int code = failure instanceof MqttException m ? m.getReasonCode() : 0;
        if (code >= MqttException.REASON_CODE_INVALID_PROTOCOL_VERSION
                && code <= MqttException.REASON_CODE_NOT_AUTHORIZED) {
            return new LinkEnd.Refused(code);
        }
        return broken(failure);
    }

    private LinkEnd broken(@Nullable Throwable failure) {
        Throwable cause = failure instanceof MqttException m && m.getCause() != null ? m.getCause() : failure;
        return new LinkEnd.Broken(LinkFailures.explain(cause, wire.peer(), up), up && LinkFailures.endedByPeer(cause));
    }

    @Override
    public void subscribe(List<String> filters) {
        int[] qos = new int[filters.size()];
        Arrays.fill(qos, QOS_1);
        try {
            client.subscribe(filters.toArray(new String[0]), qos, null, new Answer() {
                @Override
                public void onSuccess(IMqttToken token) {
                    listener.subscribed(
                            filters,
                            Arrays.stream(token.getGrantedQos()).boxed().toList());
                }
            });
        } catch (MqttException | IllegalArgumentException refused) {
            handOverFailed(refused);
        }
    }

    @Override
    public void publish(Publication publication) {
        MqttMessage message = new BorrowedMessage(publication.body(), publication.qos());
        module.announce();
        try {
            if (publication.qos() == QOS_1) {
                synchronized (acknowledgements) { // so that no PUBACK is seen before its publication is known
                    publication.packetId(handOver(publication, message));
                    acknowledgements.sent(publication.packetId(), publication);
                }
            } else {
                publication.packetId(handOver(publication, message));
            }
        } catch (MqttException | IllegalArgumentException refused) {
            handOverFailed(refused);
        }
    }

    /** @return the packet id */
    private int handOver(Publication publication, MqttMessage message) throws MqttException {
        return client.publish(publication.topic(), message, publication, null).getMessageId();
    }

    /** While Paho is already shutting down, the end with its true cause is on its way; anything else ends the link. */
    private void handOverFailed(Exception refused) {
        int code = refused instanceof MqttException m ? m.getReasonCode() : 0;
        if (code != MqttException.REASON_CODE_CLIENT_NOT_CONNECTED
                && code != MqttException.REASON_CODE_CLIENT_DISCONNECTING) {
            abort(new TransportException(
                    ErrorCode.CONNECTION_LOST, "[" + wire.peer() + "]: packet not taken: " + refused, refused));
        }
    }

    @Override
    public void acknowledge(Inbound message) {
        if (message.qos() != QOS_1 || ended.get()) {
            return;
        }
        try {
            client.messageArrivedComplete(message.packetId(), message.qos());
        } catch (MqttException tooLate) {
            log.debug("PUBACK {} not sent, the link is ending: {}", message.packetId(), tooLate.getMessage());
        }
    }

    /** On a thread of its own: Paho refuses to be disconnected from the thread that it calls us on. */
    @Override
    public void close() {
        closing = true;
        if (!up || ended.get()) {
            end(new LinkEnd.Closed());
            wire.abort();
            return;
        }
        threads.execute(() -> {
            try {
                client.disconnect(0, null, new Answer() {
                    @Override
                    public void onSuccess(IMqttToken token) {
                        end(new LinkEnd.Closed());
                    }

                    @Override
                    public void onFailure(IMqttToken token, Throwable failure) {
                        end(new LinkEnd.Closed());
                    }
                });
            } catch (MqttException alreadyGone) {
                end(new LinkEnd.Closed());
                wire.abort();
            }
        });
    }

    @Override
    public void abort(TransportException cause) {
        end(closing ? new LinkEnd.Closed() : new LinkEnd.Broken(cause, false));
        wire.abort();
        if (starterEnded) {
            module.releaseReader();
        }
    }

    /** Reports the end once. */
    private void end(LinkEnd how) {
        if (ended.compareAndSet(false, true)) {
            listener.down(how);
        }
    }

    private void noAnswerToPing() {
        abort(new TransportException(
                ErrorCode.CONNECTION_LOST,
                "[" + wire.peer() + "]: nothing arrived for "
                        + settings.keepAlive().dividedBy(2).toMillis() + " ms after PINGREQ; the link is dead"));
    }

    private void readerEnded() {
        if (!ended.get() && !closing) {
            abort(new TransportException(
                    ErrorCode.CONNECTION_LOST, "[" + wire.peer() + "]: a packet could not be read; link dropped"));
        }
    }

    private void starterEnded() {
        starterEnded = true;
        if (ended.get()) {
            module.releaseReader();
        }
    }

    /** Most outcomes reach us another way, so only what a request cares for is overridden. */
    private abstract static class Answer implements IMqttActionListener {
        @Override
        public void onFailure(IMqttToken token, Throwable failure) {
            log.trace("request ended with its link", failure);
        }
    }

    /** Runs on the reader's thread. */
    private final class Arrivals implements PacketTap.Arrivals {
        private final Deque<Integer> acknowledged = new ArrayDeque<>();

        @Override
        public void arrived(PacketType type, int packetId) {
            pings.received();
            if (type == PacketType.PUBACK) {
                acknowledged.add(packetId);
            }
        }

        /** Not earlier: whoever waits for a PUBACK sends the next message at once, and would be in Paho's way. */
        @Override
        public void allTaken() {
            for (Integer id = acknowledged.poll(); id != null; id = acknowledged.poll()) {
                Publication publication = acknowledgements.seen(id);
                if (publication != null) {
                    listener.delivered(publication);
                }
            }
        }
    }

    private final class Callback implements MqttCallback {
        @Override
        public void connectionLost(Throwable cause) {
            end(closing ? new LinkEnd.Closed() : broken(cause));
        }

        @Override
        public void messageArrived(String topic, MqttMessage message) {
            listener.received(
                    new Inbound(topic, message.getPayload(), message.getQos(), message.getId(), message.isDuplicate()));
        }

        /** Without an answer it was QoS 0; with one it is known by the packet id, also if an earlier link sent it first. */
        @Override
        public void deliveryComplete(IMqttDeliveryToken token) {
            MqttWireMessage answer = token.getResponse();
            if (answer == null) {
                if (token.getUserContext() instanceof Publication written) {
                    listener.delivered(written);
                }
                return;
            }
            Publication acknowledged = acknowledgements.completed(answer.getMessageId());
            if (acknowledged != null) {
                listener.delivered(acknowledged);
                acknowledgements.told(answer.getMessageId());
            }
        }
    }
}
