package io.hubwire.events;

import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.events.amqp.Sections;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.WireTime;
import io.hubwire.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;

/** Reads feedback: a JSON array of records in one message. Source: amqp 7. */
final class FeedbackDecoder {
    private FeedbackDecoder() {}

    /** @throws RemoteProtocolException when the body is no array of records */
    static List<FeedbackRecord> decode(Sections sections) {
        JsonNode array = Json.parse("feedback", sections.body());
        if (!array.isArray()) {
            throw new RemoteProtocolException("feedback is of kind [" + array.getNodeType() + "]; it must be an array");
        }
        List<FeedbackRecord> records = new ArrayList<>();
        for (JsonNode record : array) {
            records.add(new FeedbackRecord(
                    record.path("originalMessageId").asText(),
                    record.path("deviceId").asText(),
                    record.path("deviceGenerationId").asText(),
                    record.path("statusCode").asText(),
                    record.path("description").asText(),
                    WireTime.parse(record.path("enqueuedTimeUtc").asText()).orElse(null)));
        }
        return records;
    }
}
