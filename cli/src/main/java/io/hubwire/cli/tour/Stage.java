package io.hubwire.cli.tour;

import io.hubwire.cli.connect.Endpoints;
import io.hubwire.cli.connect.Targets.DpsTarget;
import io.hubwire.cli.connect.Targets.HubTarget;
import io.hubwire.events.AmqpSettings;
import io.hubwire.protocol.time.Timer;
import io.hubwire.protocol.trace.WireTrace;
import java.time.Clock;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Where a tour plays.
 *
 * @param label {@code embedded}, or the hub's host
 * @param prefix of every name the tour makes, so that it disturbs no one and can clean up
 * @param patience for each thing that has to come from the other side
 */
public record Stage(
        String label,
        HubTarget hub,
        DpsTarget dps,
        String prefix,
        Duration patience,
        Clock clock,
        Timer timer,
        RandomGenerator random,
        WireTrace trace) {
    Endpoints endpoints() {
        return hub.endpoints();
    }

    /** Port, trust and trace of AMQP connections. */
    AmqpSettings amqp() {
        return AmqpSettings.defaults()
                .port(endpoints().amqpPort())
                .trust(endpoints().trust())
                .trace(trace);
    }

    String deviceId() {
        return prefix + "device";
    }

    String sensorId() {
        return prefix + "sensor";
    }
}
