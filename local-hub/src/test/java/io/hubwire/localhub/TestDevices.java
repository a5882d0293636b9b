package io.hubwire.localhub;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.ETagMatch;
import io.hubwire.localhub.engine.EventLog.Stored;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.json.Json;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Devices of a hub under test, and a look behind the wire. */
public final class TestDevices {
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private TestDevices() {}

    /** A device nobody else uses. */
    public static Identity create(LocalHub hub) {
        return create(hub, Identity.device("dev-" + NUMBERS.incrementAndGet()));
    }

    /** This device, or this module together with its device. */
    public static Identity create(LocalHub hub, Identity identity) {
        if (identity.isModule() && !exists(hub, new Identity(identity.device(), null))) {
            hub.engine().registry().create(new Identity(identity.device(), null), Json.object());
        }
        hub.engine().registry().create(identity, Json.object());
        return identity;
    }

    /** This identity, if need be made now; its device can be an Edge device, which has the hub's own modules. */
    public static Identity find(LocalHub hub, Identity identity) {
        Identity device = new Identity(identity.device(), null);
        if (!exists(hub, device)) {
            ObjectNode body = Json.object();
            body.putObject("capabilities").put("iotEdge", true);
            hub.engine().registry().create(device, body);
        }
        return exists(hub, identity) ? identity : create(hub, identity);
    }

    private static boolean exists(LocalHub hub, Identity identity) {
        try {
            hub.engine().registry().get(identity);
            return true;
        } catch (HubException e) {
            return false;
        }
    }

    public static void disable(LocalHub hub, Identity identity) {
        ObjectNode body = hub.engine().registry().get(identity);
        hub.engine().registry().update(identity, body.put("status", "disabled"), new ETagMatch.Any());
    }

    /** What this identity has sent, in order. */
    public static List<Stored> events(LocalHub hub, Identity from) {
        var log = hub.engine().events();
        return IntStream.range(0, log.partitions())
                .boxed()
                .flatMap(partition -> log.read(partition, 0, 100_000).stream())
                .filter(event -> event.source().equals(from))
                .toList();
    }
}
