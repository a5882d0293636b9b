package io.hubwire.localhub.mqtt;

import io.hubwire.localhub.engine.Hub;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.localhub.throttling.Admission;
import io.hubwire.localhub.throttling.Throttle;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.json.ErrorDocument;
import io.hubwire.protocol.json.Json;
import io.hubwire.protocol.mqtt.DeviceToHub.TwinGet;
import io.hubwire.protocol.mqtt.DeviceToHub.TwinReport;
import io.hubwire.protocol.mqtt.DeviceToHub.TwinRequest;
import io.hubwire.protocol.mqtt.TwinTopic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers a device's requests about its own twin. Source: mqtt-device 5. */
final class TwinRequests {
    private static final Logger log = LoggerFactory.getLogger("io.hubwire.localhub.mqtt");
    private static final byte[] NOTHING = {};

    /**
     * An answer, at QoS 0.
     *
     * @param heldBack how long it must wait, since requests are being throttled; zero as a rule
     */
    record Answer(OutgoingPublish packet, Duration heldBack) {}

    private final Hub hub;
    private final Identity identity;
    private final boolean versioned;
    private final Supplier<String> trackingIds;

    /**
     * @param versioned whether the client named an API version; without one it may connect, but has no twin
     * @param trackingIds each 32 hex digits
     */
    TwinRequests(Hub hub, Identity identity, boolean versioned, Supplier<String> trackingIds) {
        this.hub = hub;
        this.identity = identity;
        this.versioned = versioned;
        this.trackingIds = trackingIds;
    }

    /** Carries the request out, unless there are too many. @return empty when the device wants no answer */
    Optional<Answer> answer(TwinRequest request, byte[] body) {
        boolean reads = request instanceof TwinGet;
        String requestId = request instanceof TwinGet get ? get.requestId() : ((TwinReport) request).requestId();
        String echoed = requestId == null ? "" : requestId;
        Admission admission = hub.throttles().admit(reads ? Throttle.TWIN_READS : Throttle.TWIN_UPDATES);
        OutgoingPublish packet = admission instanceof Admission.Refused refusal
                ? refused(refusal.error(), refusal.detail(), echoed)
                : carryOut(request, body, echoed);
        Duration heldBack = admission instanceof Admission.After shaped ? shaped.delay() : Duration.ZERO;
        return requestId == null ? Optional.empty() : Optional.of(new Answer(packet, heldBack));
    }

    private OutgoingPublish carryOut(TwinRequest request, byte[] body, String requestId) {
        try {
            if (!versioned) {
                throw new HubException(
                        HubError.INVALID_PROTOCOL_VERSION, "the user name of this connection has no api-version");
            }
            if (request instanceof TwinReport report) {
                long version =
                        hub.twins().report(identity, Json.parse("reported properties", body), report.baseVersion());
                return answer(204, requestId, version, NOTHING);
            }
            return answer(200, requestId, null, Json.writeBytes(hub.twins().deviceView(identity)));
        } catch (RemoteProtocolException notJson) {
            return refused(HubError.ARGUMENT_INVALID, String.valueOf(notJson.getMessage()), requestId);
        } catch (HubException refusal) {
            return refused(refusal.error(), refusal.detail(), requestId);
        }
    }

    private OutgoingPublish refused(HubError error, String detail, String requestId) {
        log.info("refused a twin request of [{}] with {} {}: {}", identity, error.number(), error.wireName(), detail);
        String body = ErrorDocument.of(
                        error.number(), detail, trackingIds.get(), hub.clock().instant())
                .format();
        return answer(error.httpStatus(), requestId, null, body.getBytes(StandardCharsets.UTF_8));
    }

    private static OutgoingPublish answer(int status, String requestId, @Nullable Long version, byte[] body) {
        String topic = TwinTopic.formatResponse(status, requestId.isEmpty() ? "0" : requestId, version);
        return OutgoingPublish.qos0(topic, body);
    }
}
