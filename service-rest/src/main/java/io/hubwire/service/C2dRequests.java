package io.hubwire.service;

import io.hubwire.https.HttpsRequest;
import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.Limits;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.http.HttpMessageForm;
import java.util.Map;

/** The calls of {@link CloudToDevice} as requests, without token and api-version. Pure. Source: service-rest 13. */
final class C2dRequests {
    private static final String[] FEEDBACK = {"messages", "serviceBound", "feedback"};

    private C2dRequests() {}

    /** Sent once: a second sending would be a second message. */
    static HttpsRequest.Builder send(DeviceId device, Message message) {
        Limits.c2dViolation(message).ifPresent(rule -> {
            throw new InvalidInputException("message for [" + device + "] not sent: " + rule);
        });
        HttpsRequest.Builder request = HttpsRequest.post("devices", device.value(), "messages", "deviceBound");
        Map<String, String> headers = HttpMessageForm.C2D_SEND.headers(message);
        request.body(message.body());
        headers.forEach(request::header);
        return request;
    }

    static HttpsRequest.Builder purge(DeviceId device) {
        return HttpsRequest.delete("devices", device.value(), "commands").repeatable();
    }

    /** Asking twice does no harm: a batch whose answer was lost comes again when its lock has run out. */
    static HttpsRequest.Builder receiveFeedback() {
        return HttpsRequest.get(FEEDBACK);
    }

    static HttpsRequest.Builder completeFeedback(String lockToken) {
        return HttpsRequest.delete(FEEDBACK[0], FEEDBACK[1], FEEDBACK[2], lockToken);
    }

    static HttpsRequest.Builder abandonFeedback(String lockToken) {
        return HttpsRequest.post(FEEDBACK[0], FEEDBACK[1], FEEDBACK[2], lockToken, "abandon");
    }
}
