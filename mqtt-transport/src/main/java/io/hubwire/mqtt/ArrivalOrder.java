package io.hubwire.mqtt;

import io.hubwire.mqtt.link.Inbound;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Holds acknowledgements back until it is their turn: they must leave in the order in which the messages arrived, however
 * long each was with the application. Pure; not thread-safe. Source: MQTT 3.1.1, MQTT-4.6.0-2; mqtt-device 1.8.
 */
final class ArrivalOrder {
    /** What arrived on this link and is not acknowledged, oldest first, and whether it may be. */
    private final Map<Inbound, Boolean> arrived = new LinkedHashMap<>();

    /** A message has come. At QoS 0 nobody waits for it. */
    void arrived(Inbound message) {
        if (message.qos() > 0) {
            arrived.put(message, false);
        }
    }

    /** One is done with. @return those whose turn it is, in order */
    List<Inbound> done(Inbound message) {
        return arrived.replace(message, true) == null
                ? List.of(message) // of an earlier link, where it does no harm, or at QoS 0
                : released();
    }

    /** One is left to the hub, which will repeat it. @return those that waited for it only, in order */
    List<Inbound> left(Inbound message) {
        arrived.remove(message);
        return released();
    }

    /** What arrived on a link that is lost holds nothing back on the next one. */
    void linkLost() {
        arrived.clear();
    }

    private List<Inbound> released() {
        List<Inbound> inTurn = new ArrayList<>();
        Iterator<Map.Entry<Inbound, Boolean>> oldest = arrived.entrySet().iterator();
        while (oldest.hasNext()) {
            Map.Entry<Inbound, Boolean> next = oldest.next();
            if (!next.getValue()) {
                break;
            }
            inTurn.add(next.getKey());
            oldest.remove();
        }
        return inTurn;
    }
}
