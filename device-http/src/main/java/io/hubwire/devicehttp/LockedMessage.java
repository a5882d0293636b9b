package io.hubwire.devicehttp;

import io.hubwire.https.HttpsResponse;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.SystemProperty;
import io.hubwire.protocol.http.HttpMessageForm;
import io.hubwire.protocol.http.HttpTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A cloud-to-device message that is this device's until {@link #lockedUntil}: complete, abandon or reject it before, or it
 * comes again. Source: device-http 3.
 *
 * @param lockToken names this delivery, for {@link HttpDeviceClient#complete} and its like
 * @param message its {@code expiry} in ISO 8601
 * @param sequenceNumber rises by one a message of this queue; 0 if the hub did not say
 * @param deliveryCount how often it was given back before, from 0
 * @param enqueuedTime when the hub queued it, in whole seconds; null if the hub did not say
 * @param lockedUntil by this client's clock, and a little early: a minute from the request
 */
public record LockedMessage(
        String lockToken,
        Message message,
        long sequenceNumber,
        int deliveryCount,
        @Nullable Instant enqueuedTime,
        Instant lockedUntil) {
    private static final String EXPIRY = SystemProperty.EXPIRY.httpHeader();

    /** @throws RemoteProtocolException when there is no lock token, or a number is none */
    static LockedMessage read(HttpsResponse answer, Instant lockedUntil) {
        String lockToken = answer.etag()
                .filter(tag -> !tag.isEmpty())
                .orElseThrow(() -> new RemoteProtocolException(
                        "a message came without an ETag header; its lock token is needed to settle it"));
        List<Map.Entry<String, String>> said = new ArrayList<>();
        answer.headers().forEach((name, value) -> {
            // the hub writes an empty header for a system property that is not there
            boolean absent =
                    value.isEmpty() && !name.toLowerCase(Locale.ROOT).startsWith(HttpMessageForm.PROPERTY_PREFIX);
            if (!absent) {
                said.add(Map.entry(name, name.equalsIgnoreCase(EXPIRY) ? iso(value) : value));
            }
        });
        return new LockedMessage(
                lockToken,
                HttpMessageForm.DEVICEBOUND.message(said, answer.body()),
                number(answer, "iothub-sequencenumber"),
                (int) number(answer, "iothub-deliverycount"),
                answer.header("iothub-enqueuedtime").flatMap(HttpTime::parse).orElse(null),
                lockedUntil);
    }

    private static String iso(String time) {
        return HttpTime.parse(time).map(Instant::toString).orElse(time);
    }

    private static long number(HttpsResponse answer, String header) {
        String text = answer.header(header).orElse("0");
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException none) {
            throw new RemoteProtocolException("header [" + header + "] is [" + text + "]; it must be a number", none);
        }
    }

    /** When the hub queued it. */
    public Optional<Instant> enqueued() {
        return Optional.ofNullable(enqueuedTime);
    }
}
