package io.hubwire.localhub.broker;

import io.hubwire.localhub.mqtt.ConnectDecision;
import io.hubwire.localhub.mqtt.ConnectPolicy;
import io.hubwire.localhub.mqtt.ConnectRequest;
import io.hubwire.localhub.mqtt.Conversation;
import io.hubwire.localhub.mqtt.IncomingPublish;
import io.hubwire.localhub.mqtt.Link;
import io.hubwire.localhub.mqtt.PublishDecision;
import io.hubwire.localhub.mqtt.SubscribeDecision;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Lets anyone in, writes down what happens, and misbehaves on request. */
final class PliantHub implements ConnectPolicy {
    final List<ConnectRequest> requests = Collections.synchronizedList(new ArrayList<>());
    final List<IncomingPublish> published = Collections.synchronizedList(new ArrayList<>());
    final List<Runnable> unsafe = Collections.synchronizedList(new ArrayList<>());
    final List<Consumer<Boolean>> opening = Collections.synchronizedList(new ArrayList<>());
    final AtomicInteger closed = new AtomicInteger();
    volatile boolean holding;
    volatile boolean failing;
    volatile boolean failingAtConnect;
    volatile boolean openingLate;
    volatile int telemetryWindow = 65_535;

    @Override
    public ConnectDecision decide(ConnectRequest request, Link link) {
        if (failingAtConnect) {
            throw new IllegalStateException("as this test wants it");
        }
        requests.add(request);
        return new ConnectDecision.Accepted(new PliantConversation());
    }

    private final class PliantConversation implements Conversation {
        @Override
        public void open(Consumer<Boolean> ready) {
            if (openingLate) {
                opening.add(ready);
            } else {
                ready.accept(false);
            }
        }

        @Override
        public int telemetryWindow() {
            return telemetryWindow;
        }

        @Override
        public void accepted() {}

        @Override
        public PublishDecision published(IncomingPublish packet, Runnable safe) {
            if (failing) {
                throw new IllegalStateException("as this test wants it");
            }
            published.add(packet);
            if (holding) {
                unsafe.add(safe);
            } else {
                safe.run();
            }
            return new PublishDecision.Taken();
        }

        @Override
        public SubscribeDecision subscribing(Map<String, Integer> filters) {
            return new SubscribeDecision.Granted();
        }

        @Override
        public void subscribed() {}

        @Override
        public void unsubscribed(List<String> filters) {}

        @Override
        public void acknowledged(int packetId) {}

        @Override
        public void writable() {}

        @Override
        public void closed(boolean graceful) {
            closed.incrementAndGet();
        }
    }
}
