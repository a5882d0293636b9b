package io.hubwire.localhub.amqp;

import io.hubwire.localhub.engine.FeedbackQueue.Batch;
import java.util.Date;
import java.util.Map;
import org.apache.qpid.protonj2.buffer.ProtonBuffer;
import org.apache.qpid.protonj2.types.Symbol;
import org.apache.qpid.protonj2.types.messaging.Data;
import org.apache.qpid.protonj2.types.messaging.MessageAnnotations;
import org.apache.qpid.protonj2.types.messaging.Properties;

/** The notice of an uploaded file as one message, its body an object. Source: amqp 7. */
final class FileNoticeEncoder {
    private static final Symbol ENQUEUED_TIME = Symbol.valueOf("iothub-enqueuedtime");
    private static final String CONTENT_TYPE = "application/vnd.microsoft.iothub.filenotification.json";

    private final SectionWriter writer;

    FileNoticeEncoder(SectionWriter writer) {
        this.writer = writer;
    }

    /** @param batch of one record */
    ProtonBuffer encode(Batch batch) {
        byte[] body = SectionWriter.utf8(batch.records().get(0).toString());
        Properties properties = new Properties();
        properties.setMessageId(FeedbackEncoder.uuid(batch.lockToken()));
        properties.setTo("/messages/serviceBound/filenotifications");
        properties.setContentType(CONTENT_TYPE);
        properties.setCreationTime(batch.enqueuedTime().toEpochMilli());
        return writer.draft(body.length)
                .add(new MessageAnnotations(Map.of(ENQUEUED_TIME, Date.from(batch.enqueuedTime()))))
                .add(properties)
                .add(new Data(body))
                .finish();
    }
}
