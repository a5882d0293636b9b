package io.hubwire.cli.backend;

import io.hubwire.cli.output.MessageJson;
import io.hubwire.events.Event;
import io.hubwire.protocol.SystemProperty;

/** Events in a line of text. */
final class EventText {
    private EventText() {}

    /** Everything, for a file or a pipe. */
    static String line(Event event) {
        return event.enqueuedTime() + "  " + source(event) + "  [" + event.partition() + '/' + event.sequenceNumber()
                + "]  " + content(event);
    }

    static String source(Event event) {
        return event.source().map(Object::toString).orElse("(no device)");
    }

    /** Body, system properties and application properties. */
    static String content(Event event) {
        StringBuilder text = new StringBuilder(MessageJson.bodyText(event.message()));
        event.message().system().forEach((name, value) -> {
            if (name != SystemProperty.CONNECTION_DEVICE_ID && name != SystemProperty.CONNECTION_MODULE_ID) {
                text.append("  ").append(name.eventName()).append('=').append(value);
            }
        });
        String own = MessageJson.propertiesText(event.message());
        if (!own.isEmpty()) {
            text.append("  {").append(own).append('}');
        }
        return text.toString().replaceAll("\\R", " ");
    }
}
