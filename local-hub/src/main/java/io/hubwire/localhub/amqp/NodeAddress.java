package io.hubwire.localhub.amqp;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which of the hub's nodes a link's source or target names. Clients write whole URIs or bare paths, with and without a
 * leading slash, in any case. Source: amqp 2, 4.1, 6, 7.
 */
sealed interface NodeAddress {
    /** {@code $cbs}: tokens are put here. */
    record Cbs() implements NodeAddress {}

    /** {@code $management} or {@code {entity}/$management}. @param entity null when the address names none */
    record Management(@Nullable String entity) implements NodeAddress {}

    /** {@code {entity}/ConsumerGroups/{group}/Partitions/{partition}}, each part as written. */
    record Partition(String entity, String group, String partition) implements NodeAddress {}

    /** {@code messages/events…}: readers are sent on to the event endpoint. @param rest what followed, from its slash on */
    record Redirect(String rest) implements NodeAddress {}

    /** {@code messages/devicebound}. */
    record Devicebound() implements NodeAddress {}

    /** {@code messages/servicebound/feedback}. */
    record Feedback() implements NodeAddress {}

    /** {@code messages/servicebound/filenotifications}. */
    record FileNotifications() implements NodeAddress {}

    /** Nothing the hub knows. @param text normalised */
    record Unknown(String text) implements NodeAddress {}

    Pattern SCHEME_AND_AUTHORITY = Pattern.compile("^(?:amqps?|sb|https)://[^/]*", Pattern.CASE_INSENSITIVE);

    /** Reads an address; none at all is unknown. */
    static NodeAddress parse(@Nullable String address) {
        String normal = normalise(address);
        String lower = normal.toLowerCase(Locale.ROOT);
        switch (lower) {
            case "$cbs":
                return new Cbs();
            case "$management":
                return new Management(null);
            case "messages/events":
                return new Redirect("/");
            case "messages/devicebound":
                return new Devicebound();
            case "messages/servicebound/feedback":
                return new Feedback();
            case "messages/servicebound/filenotifications":
                return new FileNotifications();
            default:
                return lower.startsWith("messages/events/")
                        ? new Redirect(normal.substring("messages/events".length()))
                        : entityNode(normal);
        }
    }

    /** The path without scheme, authority, leading and trailing slashes; case kept. */
    static String normalise(@Nullable String address) {
        String path = SCHEME_AND_AUTHORITY
                .matcher(address == null ? "" : address)
                .replaceFirst("")
                .replace("%24", "$");
        int from = 0;
        int to = path.length();
        while (from < to && path.charAt(from) == '/') {
            from++;
        }
        while (to > from && path.charAt(to - 1) == '/') {
            to--;
        }
        return path.substring(from, to);
    }

    private static NodeAddress entityNode(String normal) {
        List<String> parts = List.of(normal.split("/", -1));
        if (parts.size() == 2 && parts.get(1).equalsIgnoreCase("$management")) {
            return new Management(parts.get(0));
        }
        boolean partition = parts.size() == 5
                && parts.get(1).equalsIgnoreCase("ConsumerGroups")
                && parts.get(3).equalsIgnoreCase("Partitions");
        return partition ? new Partition(parts.get(0), parts.get(2), parts.get(4)) : new Unknown(normal);
    }
}
