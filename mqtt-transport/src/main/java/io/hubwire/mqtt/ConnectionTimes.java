package io.hubwire.mqtt;

import java.time.Duration;

/**
 * How long each step of a connection may take.
 *
 * @param connect from the name lookup to CONNACK
 * @param subscribe from SUBSCRIBE to SUBACK
 * @param drain for messages under way before a planned reconnect
 * @param closeDrain for messages under way before close; together with {@code disconnect} less than a second
 * @param disconnect from DISCONNECT to the closed socket
 * @param settle after which a link counts as good
 * @param takenOver least delay once a take-over is suspected
 */
record ConnectionTimes(
        Duration connect,
        Duration subscribe,
        Duration drain,
        Duration closeDrain,
        Duration disconnect,
        Duration settle,
        Duration takenOver) {
    static ConnectionTimes connectingWithin(Duration connect) {
        return new ConnectionTimes(
                connect,
                Duration.ofSeconds(20),
                Duration.ofSeconds(10),
                Duration.ofMillis(400),
                Duration.ofMillis(300),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30));
    }
}
