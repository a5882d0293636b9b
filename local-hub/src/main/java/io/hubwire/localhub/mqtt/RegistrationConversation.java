package io.hubwire.localhub.mqtt;

import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.localhub.engine.AccessControl.Credentials;
import io.hubwire.localhub.engine.Hub;
import io.hubwire.localhub.engine.Provisioning;
import io.hubwire.localhub.engine.Provisioning.Answer;
import io.hubwire.localhub.engine.Provisioning.DpsRefusal;
import io.hubwire.protocol.DpsError;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.json.ErrorDocument;
import io.hubwire.protocol.json.Json;
import io.hubwire.protocol.mqtt.DpsTopic;
import io.hubwire.protocol.mqtt.DpsUserName;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A device that registers with the hub's DPS. Every session is clean. Source: mqtt-device 6. */
final class RegistrationConversation implements Conversation {
    private final Hub hub;
    private final DpsUserName registration;
    private final Credentials credentials;
    private final @Nullable String hostAsked;
    private final Link link;
    private final Supplier<String> trackingIds;
    private volatile boolean subscribed;

    /** @param hostAsked by which name the hub was addressed; the assignment repeats it */
    RegistrationConversation(
            Hub hub,
            DpsUserName registration,
            Credentials credentials,
            @Nullable String hostAsked,
            Link link,
            Supplier<String> trackingIds) {
        this.hub = hub;
        this.registration = registration;
        this.credentials = credentials;
        this.hostAsked = hostAsked;
        this.link = link;
        this.trackingIds = trackingIds;
    }

    @Override
    public void open(Consumer<Boolean> ready) {
        ready.accept(false);
    }

    @Override
    public void accepted() {}

    @Override
    public PublishDecision published(IncomingPublish packet, Runnable safe) {
        if (packet.qos() == 2) {
            return new PublishDecision.Closed("a PUBLISH at QoS 2");
        }
        try {
            Optional<DpsTopic.Request> request = DpsTopic.parseRequest(packet.topic());
            if (request.isEmpty()) {
                return new PublishDecision.Closed("topic [" + packet.topic() + "] is none of DPS");
            }
            safe.run();
            answer(request.get(), packet.payload());
            return new PublishDecision.Taken();
        } catch (InvalidInputException
                | RemoteProtocolException e) { // a topic that cannot be read, or a request id that cannot be sent back
            return new PublishDecision.Closed(String.valueOf(e.getMessage()));
        }
    }

    private void answer(DpsTopic.Request request, byte[] body) {
        String id = registration.registrationId();
        Provisioning dps = hub.provisioning();
        try {
            Provisioning.requireSize(body.length);
            Answer answer = request instanceof DpsTopic.Poll poll
                    ? dps.operation(registration.idScope(), id, credentials, poll.operationId())
                    : dps.register(registration.idScope(), id, credentials, json(body), hostAsked);
            send(request, answer.status(), answer.retryAfter().orElse(null), Json.writeBytes(answer.body()));
        } catch (RemoteProtocolException notJson) {
            refuse(
                    request,
                    new DpsRefusal(400, DpsError.BAD_REQUEST.number(), String.valueOf(notJson.getMessage()), null));
        } catch (DpsRefusal refusal) {
            refuse(request, refusal);
        }
    }

    /** No body, or blanks, as some SDKs send. */
    private static JsonNode json(byte[] body) {
        return new String(body, StandardCharsets.UTF_8).isBlank() ? Json.object() : Json.parse("registration", body);
    }

    private void refuse(DpsTopic.Request request, DpsRefusal refusal) {
        String body = ErrorDocument.of(
                        refusal.errorCode(),
                        refusal.detail(),
                        trackingIds.get(),
                        hub.clock().instant())
                .format();
        send(request, refusal.status(), refusal.retryAfter().orElse(null), body.getBytes(StandardCharsets.UTF_8));
    }

    private void send(DpsTopic.Request request, int status, @Nullable Duration retryAfter, byte[] body) {
        if (subscribed) {
            String topic = DpsTopic.formatResponse(status, request.requestId(), retryAfter);
            link.publish(OutgoingPublish.qos0(topic, body), () -> {});
        }
    }

    @Override
    public SubscribeDecision subscribing(Map<String, Integer> filters) {
        subscribed |= filters.containsKey(DpsTopic.FILTER);
        return new SubscribeDecision.Granted();
    }

    @Override
    public void subscribed() {}

    @Override
    public void unsubscribed(List<String> filters) {
        subscribed &= !filters.contains(DpsTopic.FILTER);
    }

    @Override
    public void acknowledged(int packetId) {}

    @Override
    public void writable() {}

    @Override
    public void closed(boolean graceful) {}
}
