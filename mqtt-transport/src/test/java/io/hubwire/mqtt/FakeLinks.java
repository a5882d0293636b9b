package io.hubwire.mqtt;

import io.hubwire.mqtt.link.Inbound;
import io.hubwire.mqtt.link.LinkEnd;
import io.hubwire.mqtt.link.LinkFactory;
import io.hubwire.mqtt.link.LinkListener;
import io.hubwire.mqtt.link.LinkSettings;
import io.hubwire.mqtt.link.MqttLink;
import io.hubwire.mqtt.link.Publication;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.TransportException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Links without a network, for tests that need thousands of them or have to count packets. */
final class FakeLinks implements LinkFactory {
    /** All links ever made, oldest first. */
    final List<FakeLink> made = new CopyOnWriteArrayList<>();

    /** Whether links accept CONNECT and SUBSCRIBE by themselves. */
    volatile boolean accepting = true;

    /** Whether links acknowledge publications by themselves. */
    volatile boolean acknowledging = true;

    @Override
    public MqttLink create(LinkSettings settings, LinkListener listener) {
        FakeLink link = new FakeLink(settings, listener);
        made.add(link);
        return link;
    }

    FakeLink last() {
        return made.get(made.size() - 1);
    }

    final class FakeLink implements MqttLink {
        final LinkSettings settings;
        final List<Publication> published = new CopyOnWriteArrayList<>();
        private final LinkListener listener;
        private int lastPacketId;
        private boolean over;

        private FakeLink(LinkSettings settings, LinkListener listener) {
            this.settings = settings;
            this.listener = listener;
        }

        @Override
        public void open() {
            if (accepting) {
                listener.up(true);
                settings.resend().forEach(this::sendAndAcknowledge);
            }
        }

        @Override
        public void subscribe(List<String> filters) {
            if (accepting) {
                listener.subscribed(filters, new ArrayList<>(Collections.nCopies(filters.size(), 1)));
            }
        }

        @Override
        public void publish(Publication publication) {
            publication.packetId(++lastPacketId);
            sendAndAcknowledge(publication);
        }

        private void sendAndAcknowledge(Publication publication) {
            published.add(publication);
            if (acknowledging) {
                listener.delivered(publication);
            }
        }

        void acknowledgeOldest() {
            listener.delivered(published.remove(0));
        }

        @Override
        public void acknowledge(Inbound message) {
            if (message.qos() > 0) {
                throw new UnsupportedOperationException("no message came that wants it");
            }
        }

        @Override
        public void close() {
            end(new LinkEnd.Closed());
        }

        @Override
        public void abort(TransportException cause) {
            end(new LinkEnd.Broken(cause, false));
        }

        /** The hub publishes at QoS 0. */
        void receive(String topic, String body) {
            listener.received(new Inbound(topic, body.getBytes(StandardCharsets.UTF_8), 0, 0, false));
        }

        /** The network breaks. */
        void breakDown() {
            end(new LinkEnd.Broken(new TransportException(ErrorCode.CONNECTION_LOST, "reset"), false));
        }

        void refuse(int returnCode) {
            end(new LinkEnd.Refused(returnCode));
        }

        private void end(LinkEnd how) {
            if (!over) {
                over = true;
                listener.down(how);
            }
        }
    }
}
