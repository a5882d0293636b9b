package io.hubwire.localhub.mqtt;

import io.hubwire.localhub.engine.AccessControl.DeviceAccess;
import io.hubwire.localhub.engine.EventLog;
import io.hubwire.localhub.engine.Hub;
import io.hubwire.localhub.throttling.Admission;
import io.hubwire.localhub.throttling.Throttle;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.mqtt.DeviceToHub.Telemetry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns telemetry of one connection into events with the hub's annotations. Source: mqtt-device 2. */
final class TelemetryIntake {
    /** Body, values of system properties, names and values of application properties. Source: mqtt-device 1.8. */
    private static final int MAX_MESSAGE_BYTES = 262_144;

    private static final String RETAIN = "mqtt-retain";
    private static final String DUPLICATE = "mqtt-dup";
    private static final String MESSAGE_TYPE = "iothub-MessageType";

    private final Hub hub;
    private final DeviceAccess sender;
    private final boolean marksDuplicates;
    private final Map<String, Object> annotations;

    /**
     * @param modelId of the connection, or null
     * @param marksDuplicates whether a message with DUP says so in a property
     */
    TelemetryIntake(Hub hub, DeviceAccess sender, @Nullable String modelId, boolean marksDuplicates) {
        this.marksDuplicates = marksDuplicates;
        this.hub = hub;
        this.sender = sender;
        Map<String, Object> added = new LinkedHashMap<>();
        added.put("iothub-connection-device-id", sender.identity().deviceId());
        sender.identity().moduleId().ifPresent(module -> added.put("iothub-connection-module-id", module));
        added.put("iothub-connection-auth-method", sender.authMethod());
        added.put("iothub-connection-auth-generation-id", sender.generationId());
        added.put("iothub-message-source", "Telemetry");
        if (modelId != null) {
            added.put("dt-dataschema", modelId);
        }
        this.annotations = Map.copyOf(added);
    }

    /**
     * Stores a message.
     *
     * @param safe run when it will not be lost any more
     * @return why the connection must be cut instead, or empty
     */
    Optional<String> take(Telemetry topic, IncomingPublish packet, Runnable safe) {
        if (!topic.sender().equals(sender.identity())) {
            return Optional.of("telemetry of [" + topic.sender() + "] on a connection of [" + sender.identity() + "]");
        }
        Message message = topic.properties().toMessage(packet.payload());
        int size = message.meteredSize();
        if (size > MAX_MESSAGE_BYTES) {
            return Optional.of("telemetry of " + size + " bytes; the limit is " + MAX_MESSAGE_BYTES);
        }
        Admission admission = hub.throttles().admitMessage(Throttle.D2C_SENDS, size);
        if (admission instanceof Admission.Refused refusal) {
            return Optional.of(refusal.error().number() + ": " + refusal.detail());
        }
        store(
                flagged(message, packet.retain(), packet.duplicate() && marksDuplicates),
                admission instanceof Admission.After shaped ? () -> hub.timer().schedule(shaped.delay(), safe) : safe);
        return Optional.empty();
    }

    /** Stores what a client left behind. */
    void takeWill(Telemetry topic, Will will) {
        Message message = topic.properties().toMessage(will.payload());
        store(flagged(message.toBuilder().property(MESSAGE_TYPE, "Will").build(), will.retain(), false), () -> {});
    }

    /** The flags of the packet that the back end can see, as application properties. */
    private static Message flagged(Message message, boolean retained, boolean duplicate) {
        if (!retained && !duplicate) {
            return message;
        }
        Message.Builder marked = message.toBuilder();
        if (retained) {
            marked.property(RETAIN, "true");
        }
        if (duplicate) {
            marked.property(DUPLICATE, "true");
        }
        return marked.build();
    }

    /** Stores a message that was sent to no topic of the hub's. */
    void takeUnmatched(String topic, byte[] body, Runnable safe) {
        Message message = Message.builder(body)
                .property("$PG.Unmatched", "True")
                .property("$PG.Subject", topic)
                .build();
        store(message, safe);
    }

    private void store(Message message, Runnable safe) {
        hub.events().append(new EventLog.Incoming(sender.identity(), message, annotations), safe);
    }
}
