package io.hubwire.mqtt.paho;

import io.hubwire.mqtt.link.Publication;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.paho.client.mqttv3.MqttClientPersistence;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttPersistable;
import org.eclipse.paho.client.mqttv3.MqttPersistenceException;
import org.eclipse.paho.client.mqttv3.internal.MqttPersistentData;
import org.eclipse.paho.client.mqttv3.internal.wire.MqttPublish;

/**
 * What Paho believes to be its persistence. It remembers nothing, since the outbox does; but a new Paho client that
 * starts with it finds the publications an earlier connection left unacknowledged, and sends them first, with DUP=1 and
 * their old packet ids, as MQTT 3.1.1 section 4.4 wants.
 */
final class ResendStore implements MqttClientPersistence {
    /** Paho's key of a publication that was sent and is not yet acknowledged. */
    private static final String SENT = "s-";

    private final Map<String, Publication> left = new LinkedHashMap<>();

    ResendStore(List<? extends Publication> resend) {
        for (Publication p : resend) {
            left.put(SENT + p.packetId(), p);
        }
    }

    @Override
    public Enumeration<String> keys() {
        return Collections.enumeration(List.copyOf(left.keySet()));
    }

    @Override
    public MqttPersistable get(String key) throws MqttPersistenceException {
        Publication publication = left.get(key);
        if (publication == null) {
            throw new MqttPersistenceException();
        }
        MqttPublish packet = new MqttPublish(publication.topic(), new BorrowedMessage(publication.body(), 1));
        packet.setMessageId(publication.packetId());
        try {
            byte[] header = packet.getHeader();
            byte[] body = packet.getPayload();
            return new MqttPersistentData(key, header, 0, header.length, body, 0, body.length);
        } catch (MqttException notEncodable) {
            throw new MqttPersistenceException(notEncodable);
        }
    }

    @Override
    public boolean containsKey(String key) {
        return left.containsKey(key);
    }

    @Override
    public void open(String clientId, String serverUri) {
        // nothing to open
    }

    @Override
    public void close() {
        // nothing to close
    }

    @Override
    public void put(String key, MqttPersistable persistable) {
        // the outbox has it
    }

    @Override
    public void remove(String key) {
        // the outbox will forget it
    }

    @Override
    public void clear() {
        // only asked for with a clean session, which we never use
    }
}
