package io.hubwire.cli.learn;

import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.EventHubConnectionString;
import io.hubwire.cli.learn.Explained.Part;
import io.hubwire.protocol.InvalidInputException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Connection strings of hubs, devices, DPS and event endpoints, keys masked. Source: sas-auth 1. */
final class ConnectionText {
    private final Instant now;

    ConnectionText(Instant now) {
        this.now = now;
    }

    Explained explain(String text) {
        List<Part> parts = new ArrayList<>();
        for (String element : text.split(";")) {
            parts.addAll(part(element));
        }
        boolean events = text.regionMatches(true, 0, "Endpoint=", 0, 9);
        String kind = events ? "connection string of an event endpoint" : kind(text);
        return new Explained(kind, parts, error(text, events));
    }

    private static @Nullable String error(String text, boolean events) {
        try {
            if (events) {
                EventHubConnectionString.parse(text);
            } else {
                ConnectionString.parse(text);
            }
            return null;
        } catch (InvalidInputException broken) {
            return broken.getMessage();
        }
    }

    private static String kind(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.contains(";moduleid=")) {
            return "connection string of a module";
        }
        return lower.contains(";deviceid=") ? "connection string of a device" : "connection string of a hub or DPS";
    }

    private List<Part> part(String element) {
        int equals = element.indexOf('=');
        if (equals < 0) {
            return List.of(new Part(shortened(element), "no keyword: an element is Keyword=value"));
        }
        String keyword = element.substring(0, equals);
        String value = element.substring(equals + 1);
        return switch (keyword.toLowerCase(Locale.ROOT)) {
            case "hostname" -> List.of(new Part(element, "the hub or DPS, by the name its certificate must carry"));
            case "gatewayhostname" -> List.of(new Part(element, "connect here instead: an Edge gateway"));
            case "deviceid" -> List.of(new Part(element, "who speaks"));
            case "moduleid" -> List.of(new Part(element, "which module of the device"));
            case "sharedaccesskeyname" -> List.of(new Part(element, "policy whose rights count"));
            case "sharedaccesskey" ->
                List.of(new Part(keyword + "=…", "base64 key of " + bytes(value) + ", signs tokens; masked here"));
            case "sharedaccesssignature" -> {
                List<Part> parts = new ArrayList<>(List.of(new Part(keyword + "=…", "a token made by somebody else")));
                Explained token = new TokenText(now).explain(value);
                parts.addAll(token.parts());
                yield parts;
            }
            case "endpoint" -> List.of(new Part(element, "where events are read over AMQP"));
            case "entitypath" -> List.of(new Part(element, "name of the event endpoint there"));
            case "x509" -> List.of(new Part(element, "shows a certificate in place of a key"));
            case "usedevelopmentemulator" -> List.of(new Part(element, "AMQP without TLS, on this machine only"));
            default -> List.of(new Part(keyword + "=…", "not known"));
        };
    }

    private static String bytes(String base64) {
        try {
            return java.util.Base64.getDecoder().decode(base64).length + " bytes";
        } catch (IllegalArgumentException broken) {
            return "broken base64";
        }
    }

    private static String shortened(String text) {
        return text.length() <= 12 ? text : text.substring(0, 11) + "…";
    }
}
