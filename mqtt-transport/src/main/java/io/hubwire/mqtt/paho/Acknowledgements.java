package io.hubwire.mqtt.paho;

import io.hubwire.mqtt.link.Publication;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who tells of a PUBACK. Paho tells of it on its callback thread, one hand-over after its reader has read it; a caller who
 * sends one by one waits for that hand-over each time. So the reader tells of it itself as soon as Paho has taken it, unless
 * the callback thread was quicker, or is far behind: that is where Paho frees packet ids and its own window.
 *
 * <p>Its own lock; {@link #sent} belongs in one critical section with the handing over, so that no PUBACK comes before.
 */
final class Acknowledgements {
    /** Most publications that are told of while Paho still counts them. */
    static final int AHEAD = 8;

    private final Map<Integer, Publication> underWay = new HashMap<>();
    private final Map<Integer, Publication> leftToPaho = new HashMap<>();
    private int ahead;

    /** @param resent publications that Paho sends of itself */
    Acknowledgements(Collection<? extends Publication> resent) {
        resent.forEach(p -> underWay.put(p.packetId(), p));
    }

    /** Paho has taken a publication at QoS 1. */
    synchronized void sent(int packetId, Publication publication) {
        underWay.put(packetId, publication);
    }

    /** The reader has seen a PUBACK. @return what it may tell of now; null when Paho will, or when it is for nothing */
    synchronized @Nullable Publication seen(int packetId) {
        Publication publication = underWay.remove(packetId);
        if (publication == null) {
            return null;
        }
        if (ahead >= AHEAD || !leftToPaho.isEmpty()) {
            leftToPaho.put(packetId, publication);
            return null;
        }
        ahead++;
        return publication;
    }

    /** Paho is done with a publication. @return what is to be told of now; {@link #told} must follow then */
    synchronized @Nullable Publication completed(int packetId) {
        Publication quicker = underWay.remove(packetId);
        Publication publication = quicker != null ? quicker : leftToPaho.get(packetId);
        if (publication == null) {
            ahead--;
        }
        return publication;
    }

    synchronized void told(int packetId) {
        leftToPaho.remove(packetId);
    }
}
