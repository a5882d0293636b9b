package io.hubwire.protocol.mqtt;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One control packet of MQTT 3.1.1, decoded for people and tests. Not what the transports send and receive by: those
 * leave that to their libraries. No component ever holds a secret.
 */
public sealed interface MqttPacket {
    /** As the standard writes it: {@code CONNECT}, {@code PUBLISH}. */
    String name();

    /**
     * A client asks to be let in.
     *
     * @param keepAlive in seconds, 0 to 65,535; 0 means none
     * @param will or null
     * @param userName or null
     * @param password a SAS token with its signature masked, {@code ***} for anything else, null when there is none
     */
    record Connect(
            String clientId,
            boolean cleanSession,
            int keepAlive,
            @Nullable Publish will,
            @Nullable String userName,
            @Nullable String password)
            implements MqttPacket {
        @Override
        public String name() {
            return "CONNECT";
        }
    }

    /**
     * The answer to a CONNECT.
     *
     * @param sessionPresent whether subscriptions and messages of an earlier connection are kept
     * @param returnCode 0 accepted; 1 to 5 refused
     */
    record ConnAck(boolean sessionPresent, int returnCode) implements MqttPacket {
        @Override
        public String name() {
            return "CONNACK";
        }
    }

    /**
     * A message; also the will of a CONNECT, then without packet id.
     *
     * @param qos 0, 1 or 2
     * @param packetId 1 to 65,535, or null at QoS 0
     * @param payload copied in and out, compared by content
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Publish(
            String topic,
            int qos,
            boolean dup,
            boolean retain,
            @Nullable Integer packetId,
            byte[] payload) implements MqttPacket {
        public Publish {
            payload = payload.clone();
        }

        @Override
        public byte[] payload() {
            return payload.clone();
        }

        @Override
        public String name() {
            return "PUBLISH";
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Publish p
                    && topic.equals(p.topic)
                    && qos == p.qos
                    && dup == p.dup
                    && retain == p.retain
                    && Objects.equals(packetId, p.packetId)
                    && Arrays.equals(payload, p.payload);
        }

        @Override
        public int hashCode() {
            return Objects.hash(topic, qos, dup, retain, packetId, Arrays.hashCode(payload));
        }

        @Override
        public String toString() {
            return "Publish[" + topic + ", " + payload.length + " bytes]";
        }
    }

    /**
     * PUBACK, PUBREC, PUBREL, PUBCOMP or UNSUBACK: a name and a number.
     *
     * @param packetId 1 to 65,535
     */
    record Acknowledgement(String name, int packetId) implements MqttPacket {}

    /** A topic filter and the QoS asked for, 0 to 2. */
    record Filter(String filter, int qos) {}

    /**
     * Asks for the messages of some topics.
     *
     * @param packetId 1 to 65,535
     * @param filters at least one
     */
    record Subscribe(int packetId, List<Filter> filters) implements MqttPacket {
        public Subscribe {
            filters = List.copyOf(filters);
        }

        @Override
        public String name() {
            return "SUBSCRIBE";
        }
    }

    /**
     * The answer to a SUBSCRIBE.
     *
     * @param packetId 1 to 65,535
     * @param codes one for each filter: the QoS granted, or 128 for refused
     */
    record SubAck(int packetId, List<Integer> codes) implements MqttPacket {
        public SubAck {
            codes = List.copyOf(codes);
        }

        @Override
        public String name() {
            return "SUBACK";
        }
    }

    /**
     * Wants some topics no more.
     *
     * @param packetId 1 to 65,535
     * @param filters at least one
     */
    record Unsubscribe(int packetId, List<String> filters) implements MqttPacket {
        public Unsubscribe {
            filters = List.copyOf(filters);
        }

        @Override
        public String name() {
            return "UNSUBSCRIBE";
        }
    }

    /** PINGREQ, PINGRESP or DISCONNECT: a name and nothing else. */
    record Signal(String name) implements MqttPacket {}
}
