package io.hubwire.service;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.json.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What became of one cloud-to-device message. Source: service-rest 13.4.
 *
 * @param originalMessageId the message's own id
 * @param device whom it was for
 * @param deviceGenerationId tells a device from an earlier one of the same id; possibly empty
 * @param status what became of it
 * @param statusCode the same as on the wire, for statuses this version does not know
 * @param description for people; possibly empty
 * @param enqueuedTime when it came to its end; null if the hub did not say
 * @param json the record as it came
 */
public record FeedbackRecord(
        String originalMessageId,
        DeviceId device,
        String deviceGenerationId,
        Status status,
        String statusCode,
        String description,
        @Nullable Instant enqueuedTime,
        String json) {
    /** How a message can end. */
    public enum Status {
        /** The device completed it. */
        SUCCESS,
        /** Its time was over before the device took it. */
        EXPIRED,
        /** The device gave it back too often. */
        DELIVERY_COUNT_EXCEEDED,
        REJECTED,
        /** The back end purged the queue. */
        PURGED,
        /** Something newer than this version; see {@link FeedbackRecord#statusCode()}. */
        UNKNOWN
    }

    static FeedbackRecord read(ObjectNode record) {
        String code = Fields.requiredText(record, "statusCode");
        String device = Fields.requiredText(record, "deviceId");
        return new FeedbackRecord(
                Fields.text(record, "originalMessageId").orElse(""),
                Fields.told("member [deviceId] is no id", () -> new DeviceId(device)),
                Fields.text(record, "deviceGenerationId").orElse(""),
                status(code),
                code,
                Fields.text(record, "description").orElse(""),
                Fields.time(record, "enqueuedTimeUtc").orElse(null),
                Json.write(record));
    }

    private static Status status(String code) {
        return switch (code) {
            case "Success" -> Status.SUCCESS;
            case "Expired" -> Status.EXPIRED;
            case "DeliveryCountExceeded" -> Status.DELIVERY_COUNT_EXCEEDED;
            case "Rejected" -> Status.REJECTED;
            case "Purged" -> Status.PURGED;
            default -> Status.UNKNOWN;
        };
    }
}
