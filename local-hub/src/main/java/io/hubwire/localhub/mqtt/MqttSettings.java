package io.hubwire.localhub.mqtt;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * How the hub behaves over MQTT where no source settles what a real one does. The defaults are the choices of
 * open-questions; the number of the question is in brackets.
 *
 * @param tokenGrace how long after its token's end a connection is cut (8)
 * @param c2dWindow C2D messages sent and not acknowledged at any time, 1 to 65535 (20)
 * @param telemetryWindow messages at QoS 1 without PUBACK beyond which the hub does not read a device's connection until
 *     one leaves, 1 to 65535; what was read already is still taken. 65535 by default: 16, as an Edge hub has it, would only
 *     slow devices down and change no outcome (20)
 * @param choices where the hub does the less likely thing
 */
public record MqttSettings(Duration tokenGrace, int c2dWindow, int telemetryWindow, Set<Choice> choices) {
    /** What the hub can do otherwise. */
    public enum Choice {
        /** A filter the hub serves nothing on cuts the connection; else it is granted, and nothing is delivered (9). */
        CLOSE_ON_UNKNOWN_FILTER,
        /** A PUBLISH at QoS 2 is taken and answered with PUBACK; else it cuts the connection (11). */
        ACKNOWLEDGE_QOS_2,
        /** A PUBLISH to an undocumented topic is stored with {@code $PG.Unmatched}; else it cuts the connection (12). */
        STORE_UNMATCHED,
        /** C2D sent before the first subscription is delivered (13). */
        DELIVER_OLDER,
        /** Clean session 1 purges the C2D queue; else it only drops the subscription (14). */
        PURGE_ON_CLEAN_SESSION,
        /** Telemetry with DUP gets the property {@code mqtt-dup} (21). */
        MARK_DUPLICATES,
        /** CONNACK 3 once the messages of the day are used up; else 0, and telemetry cuts the connection (6). */
        REFUSE_ON_USED_UP_QUOTA
    }

    public MqttSettings {
        if (tokenGrace.isNegative()) {
            throw new IllegalArgumentException("token grace [" + tokenGrace + "] must not be negative");
        }
        if (c2dWindow < 1 || c2dWindow > 65_535) {
            throw new IllegalArgumentException("C2D window [" + c2dWindow + "] must be 1 to 65535");
        }
        if (telemetryWindow < 1 || telemetryWindow > 65_535) {
            throw new IllegalArgumentException("telemetry window [" + telemetryWindow + "] must be 1 to 65535");
        }
        choices = Set.copyOf(choices);
    }

    public static MqttSettings defaults() {
        return new MqttSettings(Duration.ofMinutes(10), 10, 65_535, Set.of());
    }

    public MqttSettings withTokenGrace(Duration value) {
        return new MqttSettings(value, c2dWindow, telemetryWindow, choices);
    }

    public MqttSettings withC2dWindow(int value) {
        return new MqttSettings(tokenGrace, value, telemetryWindow, choices);
    }

    public MqttSettings withTelemetryWindow(int value) {
        return new MqttSettings(tokenGrace, c2dWindow, value, choices);
    }

    /** With this choice, and those made before. */
    public MqttSettings with(Choice choice) {
        Set<Choice> more = EnumSet.of(choice);
        more.addAll(choices);
        return new MqttSettings(tokenGrace, c2dWindow, telemetryWindow, more);
    }

    boolean has(Choice choice) {
        return choices.contains(choice);
    }
}
