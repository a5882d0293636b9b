package io.hubwire.mqtt;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.Limits;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.mqtt.TelemetryTopic;
import java.util.Optional;

/** What telemetry must keep to, checked before it is sent: a hub says no only by closing the connection. Pure. */
final class TelemetryRules {
    private TelemetryRules() {}

    /**
     * The topic of a message that keeps to the rules.
     *
     * @throws InvalidInputException when a property cannot be written
     * @throws SendException {@code TOO_LARGE} or {@code INVALID_ARGUMENT}, naming the rule
     */
    static String topicOf(Identity sender, Message message) throws HubwireException {
        String id = message.messageId().orElse(null);
        Optional<String> broken = Limits.telemetryViolation(message);
        if (broken.isPresent()) {
            boolean tooLarge = message.meteredSize() > Limits.TELEMETRY_BYTES;
            throw new SendException(
                    tooLarge ? ErrorCode.TOO_LARGE : ErrorCode.INVALID_ARGUMENT, broken.get(), id, null);
        }
        String topic = TelemetryTopic.format(sender, message);
        if (topic.length() > Limits.TOPIC_BYTES) { // it is all ASCII, so characters are bytes
            throw new SendException(
                    ErrorCode.TOO_LARGE,
                    "the message's topic has " + topic.length() + " bytes with all properties; MQTT allows "
                            + Limits.TOPIC_BYTES,
                    id,
                    null);
        }
        String ids = sender.resource();
        if (ids.indexOf('#') >= 0 || ids.indexOf('+') >= 0) {
            throw new SendException(
                    ErrorCode.INVALID_ARGUMENT,
                    "telemetry of [" + sender + "] cannot be sent over MQTT: a topic must not contain '#' or '+'",
                    id,
                    null);
        }
        return topic;
    }
}
