package io.hubwire.events;

import io.hubwire.protocol.RemoteProtocolException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the hub sends readers of its events.
 *
 * @param entity the Event-Hubs-compatible name
 */
record RedirectTarget(String hostname, int port, String entity) {
    /** {@code amqps://{host}:{port}/{entity}[/…]}. Source: amqp 2. */
    private static final Pattern ADDRESS = Pattern.compile("amqps://([^/:]+)(?::(\\d{1,5}))?/([^/]+)(?:/.*)?");

    /** Reads the info map of {@code amqp:link:redirect}. @throws RemoteProtocolException when it does not say where */
    static RedirectTarget of(Map<String, Object> info) {
        Matcher address = ADDRESS.matcher(String.valueOf(info.get("address")));
        if (!address.matches()) {
            throw new RemoteProtocolException("redirect has the address [" + info.get("address")
                    + "]; wanted is amqps://{host}:{port}/{entity}/…");
        }
        Object hostname = info.get("hostname");
        String port = address.group(2);
        return new RedirectTarget(
                hostname instanceof String name && !name.isEmpty() ? name : address.group(1),
                port == null ? AmqpSettings.DEFAULT_PORT : Integer.parseInt(port),
                address.group(3));
    }
}
