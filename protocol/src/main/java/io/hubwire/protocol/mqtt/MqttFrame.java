package io.hubwire.protocol.mqtt;

import io.hubwire.protocol.RemoteProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * Where a packet lies in a buffer, by its fixed header. Source: MQTT 3.1.1, 2.2.
 *
 * @param bodyStart index behind the fixed header
 * @param end index behind the packet; may lie beyond the bytes at hand
 */
record MqttFrame(int bodyStart, int end) {
    private static final int LONGEST_LENGTH_FIELD = 4;

    /**
     * Reads the fixed header at {@code from}.
     *
     * @return null when the header itself is not all there yet
     * @throws RemoteProtocolException when the remaining length has more than four bytes
     */
    static @Nullable MqttFrame read(byte[] buffer, int from, int to) {
        int remaining = 0;
        for (int i = 0; i < LONGEST_LENGTH_FIELD; i++) {
            int at = from + 1 + i;
            if (at >= to) {
                return null;
            }
            remaining |= (buffer[at] & 0x7f) << (7 * i);
            if ((buffer[at] & 0x80) == 0) {
                return new MqttFrame(at + 1, at + 1 + remaining);
            }
        }
        throw new RemoteProtocolException("MQTT packet: the remaining length has more than four bytes");
    }
}
