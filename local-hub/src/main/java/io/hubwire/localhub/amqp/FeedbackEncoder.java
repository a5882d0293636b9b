package io.hubwire.localhub.amqp;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.hubwire.localhub.engine.FeedbackQueue.Batch;
import java.util.Date;
import java.util.Map;
import java.util.UUID;
import org.apache.qpid.protonj2.buffer.ProtonBuffer;
import org.apache.qpid.protonj2.types.Symbol;
import org.apache.qpid.protonj2.types.messaging.Data;
import org.apache.qpid.protonj2.types.messaging.MessageAnnotations;
import org.apache.qpid.protonj2.types.messaging.Properties;

/** A batch of feedback records as one message. Source: amqp 7. */
final class FeedbackEncoder {
    /** Records in one message. */
    static final int MAX_RECORDS = 64;

    private static final Symbol ENQUEUED_TIME = Symbol.valueOf("iothub-enqueuedtime");
    private static final String CONTENT_TYPE = "application/vnd.microsoft.iothub.feedback.json";

    private final SectionWriter writer;
    private final String hubName;

    /** @param hubName goes into {@code user-id}, which some clients insist on */
    FeedbackEncoder(SectionWriter writer, String hubName) {
        this.writer = writer;
        this.hubName = hubName;
    }

    ProtonBuffer encode(Batch batch) {
        ArrayNode records = JsonNodeFactory.instance.arrayNode();
        batch.records().forEach(records::add);
        byte[] body = SectionWriter.utf8(records.toString());
        Properties properties = new Properties();
        properties.setMessageId(uuid(batch.lockToken()));
        properties.setUserId(SectionWriter.utf8(hubName));
        properties.setTo("/messages/serviceBound/feedback");
        properties.setContentType(CONTENT_TYPE);
        properties.setCreationTime(batch.enqueuedTime().toEpochMilli());
        return writer.draft(body.length)
                .add(new MessageAnnotations(Map.of(ENQUEUED_TIME, Date.from(batch.enqueuedTime()))))
                .add(properties)
                .add(new Data(body))
                .finish();
    }

    /** Clients expect an id of this type. */
    static UUID uuid(String token) {
        try {
            return UUID.fromString(token);
        } catch (IllegalArgumentException otherForm) {
            return UUID.nameUUIDFromBytes(SectionWriter.utf8(token));
        }
    }
}
