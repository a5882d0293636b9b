package io.hubwire.events;

import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.SystemProperty;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One device-to-cloud event as the built-in endpoint hands it out.
 *
 * @param partition where it lies; all events of a device lie in one
 * @param offset its place in the partition, opaque text
 * @param sequenceNumber its number in the partition, rising by one
 * @param enqueuedTime when it arrived at the partition, UTC, whole milliseconds
 * @param message body, system properties (message id, content type, …; the sender's identity among them) and application
 *     properties; a property that is no text on the wire is shown as text
 * @param annotations all message annotations in wire order: what the hub adds, such as {@code
 *     iothub-connection-auth-method}; values are {@link String}, {@link Instant}, numbers, booleans
 */
public record Event(
        String partition,
        String offset,
        long sequenceNumber,
        Instant enqueuedTime,
        Message message,
        Map<String, @Nullable Object> annotations) {
    public Event {
        annotations = Collections.unmodifiableMap(new LinkedHashMap<>(annotations));
    }

    /** The device or module that sent it; empty when the endpoint does not say, as with events not from devices. */
    public Optional<Identity> source() {
        return message.get(SystemProperty.CONNECTION_DEVICE_ID).flatMap(device -> {
            try {
                return Optional.of(message.get(SystemProperty.CONNECTION_MODULE_ID)
                        .map(module -> Identity.module(device, module))
                        .orElseGet(() -> Identity.device(device)));
            } catch (InvalidInputException notAnId) {
                return Optional.empty();
            }
        });
    }

    /** Where reading goes on after this event. */
    public StartPosition next() {
        return new StartPosition.AtSequenceNumber(sequenceNumber, false);
    }

    /** Place and source; the body stays out of logs. */
    @Override
    public String toString() {
        return "Event[partition " + partition + ", sequence number " + sequenceNumber + ", " + enqueuedTime + ", "
                + message + "]";
    }
}
