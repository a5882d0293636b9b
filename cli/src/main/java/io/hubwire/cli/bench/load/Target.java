package io.hubwire.cli.bench.load;

import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.SasToken;
import io.hubwire.auth.TlsTrust;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.PropertyBag;
import io.hubwire.protocol.mqtt.MqttUserName;
import io.hubwire.protocol.mqtt.TelemetryTopic;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/**
 * Where load goes and what it is made of.
 *
 * @param connection of the device that sends
 * @param port of MQTT over TLS
 * @param trust believes the server
 * @param bodyBytes of each message
 */
public record Target(ConnectionString connection, int port, TlsTrust trust, int bodyBytes) {
    private static final Duration TOKEN_LIFE = Duration.ofHours(1);

    /** From a request's {@code connectionString}, {@code port}, {@code caFile} and {@code bodyBytes}. */
    public static Target of(JsonNode request) {
        return new Target(
                ConnectionString.parseDevice(request.path("connectionString").asText()),
                request.path("port").asInt(),
                TlsTrust.pem(Path.of(request.path("caFile").asText())),
                request.path("bodyBytes").asInt());
    }

    public String host() {
        return connection.connectHost();
    }

    public Identity device() {
        return connection.identity().orElseThrow();
    }

    public String userName() {
        return MqttUserName.of(connection.hostName(), device()).format();
    }

    /** A fresh token, as the hub wants it for a password. */
    public String password(Clock clock) {
        return SasToken.sign(
                        connection.hostName() + "/devices/" + device().deviceId(),
                        connection.key().orElseThrow(),
                        clock.instant().plus(TOKEN_LIFE),
                        null)
                .text();
    }

    public String topic() {
        return TelemetryTopic.format(device(), PropertyBag.empty());
    }

    /** A body that TLS cannot make smaller and that is the same each time. */
    public byte[] body() {
        byte[] body = new byte[bodyBytes];
        for (int i = 0; i < bodyBytes; i++) {
            body[i] = (byte) ('a' + i * 7 % 26);
        }
        return body;
    }
}
