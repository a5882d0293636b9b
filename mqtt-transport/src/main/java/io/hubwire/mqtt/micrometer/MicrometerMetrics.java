package io.hubwire.mqtt.micrometer;

import io.hubwire.mqtt.ChangeReason;
import io.hubwire.mqtt.ClientMetrics;
import io.hubwire.protocol.ErrorCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Meters of one client, all with the given tags:
 *
 * <pre>
 * hubwire.mqtt.messages.sent            counter
 * hubwire.mqtt.messages.acknowledged    timer, from send to acknowledgement, with a histogram
 * hubwire.mqtt.messages.resent          counter
 * hubwire.mqtt.messages.failed          counter, tag code
 * hubwire.mqtt.messages.waiting         gauge
 * hubwire.mqtt.messages.under.way       gauge
 * hubwire.mqtt.messages.received        counter
 * hubwire.mqtt.connections              counter, tag reason; all but REQUESTED are reconnects
 * hubwire.mqtt.methods.answered         counter, tag status
 * </pre>
 */
public final class MicrometerMetrics implements ClientMetrics {
    private static final String PREFIX = "hubwire.mqtt.";

    private final MeterRegistry registry;
    private final Tags tags;
    private final Counter sent;
    private final Timer acknowledged;
    private final Counter resent;
    private final Counter received;
    private final AtomicInteger waiting;
    private final AtomicInteger underWay;

    /** @param tags tell this client from others, for example the device id */
    public MicrometerMetrics(MeterRegistry registry, Tags tags) {
        this.registry = registry;
        this.tags = tags;
        sent = registry.counter(PREFIX + "messages.sent", tags);
        acknowledged = Timer.builder(PREFIX + "messages.acknowledged")
                .tags(tags)
                .publishPercentileHistogram()
                .register(registry);
        resent = registry.counter(PREFIX + "messages.resent", tags);
        received = registry.counter(PREFIX + "messages.received", tags);
        waiting = registry.gauge(PREFIX + "messages.waiting", tags, new AtomicInteger());
        underWay = registry.gauge(PREFIX + "messages.under.way", tags, new AtomicInteger());
    }

    @Override
    public void sent() {
        sent.increment();
    }

    @Override
    public void acknowledged(Duration duration) {
        acknowledged.record(duration);
    }

    @Override
    public void resent(int messages) {
        resent.increment(messages);
    }

    @Override
    public void failed(ErrorCode code) {
        registry.counter(PREFIX + "messages.failed", tags.and("code", code.name()))
                .increment();
    }

    @Override
    public void queue(int waitingNow, int underWayNow) {
        waiting.set(waitingNow);
        underWay.set(underWayNow);
    }

    @Override
    public void connected(ChangeReason reason) {
        registry.counter(PREFIX + "connections", tags.and("reason", reason.name()))
                .increment();
    }

    @Override
    public void received() {
        received.increment();
    }

    @Override
    public void methodAnswered(int status) {
        registry.counter(PREFIX + "methods.answered", tags.and("status", Integer.toString(status)))
                .increment();
    }
}
