package io.hubwire.localhub.mqtt;

import java.time.Duration;

/**
 * How the hub behaves over MQTT where no source settles what a real one does. The defaults are the choices of
 * open-questions.
 *
 * @param tokenGrace how long after its token's end a connection is cut (question 8)
 * @param closeOnUnknownFilter whether a filter the hub serves nothing on cuts the connection; else it is granted, and
 *     nothing is ever delivered (question 9)
 * @param storeUnmatched whether a PUBLISH to an undocumented topic is stored with {@code $PG.Unmatched}; else it cuts the
 *     connection (question 12)
 * @param deliverOlder whether C2D sent before the first subscription is delivered (question 13)
 * @param c2dWindow C2D messages sent and not acknowledged at any time, 1 to 65535 (question 20)
 */
public record MqttSettings(
        Duration tokenGrace,
        boolean closeOnUnknownFilter,
        boolean storeUnmatched,
        boolean deliverOlder,
        int c2dWindow) {
    public MqttSettings {
        if (tokenGrace.isNegative()) {
            throw new IllegalArgumentException("token grace [" + tokenGrace + "] must not be negative");
        }
        if (c2dWindow < 1 || c2dWindow > 65_535) {
            throw new IllegalArgumentException("C2D window [" + c2dWindow + "] must be 1 to 65535");
        }
    }

    public static MqttSettings defaults() {
        return new MqttSettings(Duration.ofMinutes(10), false, false, false, 10);
    }

    public MqttSettings withTokenGrace(Duration value) {
        return new MqttSettings(value, closeOnUnknownFilter, storeUnmatched, deliverOlder, c2dWindow);
    }

    public MqttSettings withCloseOnUnknownFilter(boolean value) {
        return new MqttSettings(tokenGrace, value, storeUnmatched, deliverOlder, c2dWindow);
    }

    public MqttSettings withStoreUnmatched(boolean value) {
        return new MqttSettings(tokenGrace, closeOnUnknownFilter, value, deliverOlder, c2dWindow);
    }

    public MqttSettings withDeliverOlder(boolean value) {
        return new MqttSettings(tokenGrace, closeOnUnknownFilter, storeUnmatched, value, c2dWindow);
    }

    public MqttSettings withC2dWindow(int value) {
        return new MqttSettings(tokenGrace, closeOnUnknownFilter, storeUnmatched, deliverOlder, value);
    }
}
