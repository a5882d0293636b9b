package io.hubwire.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hubwire.events.amqp.Sections;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.WireTime;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads feedback: a JSON array of records in one message. Source: amqp 7. */
final class FeedbackDecoder {
    private static final ObjectMapper JSON = new ObjectMapper();

    private FeedbackDecoder() {}

    /** @throws RemoteProtocolException when the body is no array of records */
    static List<FeedbackRecord> decode(Sections sections) {
        JsonNode array;
        try {
            array = JSON.readTree(sections.body());
        } catch (JsonProcessingException notJson) {
            throw new RemoteProtocolException("feedback is not JSON: " + notJson.getOriginalMessage());
        } catch (IOException impossible) {
            throw new RemoteProtocolException("feedback cannot be read", impossible);
        }
        if (array == null || !array.isArray()) {
            throw new RemoteProtocolException("feedback is no JSON array");
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
