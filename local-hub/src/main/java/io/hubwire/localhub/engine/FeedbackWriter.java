package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.C2dQueue.Ended;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.WireTime;
import io.hubwire.protocol.json.Json;
import java.time.Instant;
import java.util.Optional;

/** Turns a message's end into a feedback record, if its sender wants to hear of it. Source: service-rest 13.4. */
final class FeedbackWriter {
    private FeedbackWriter() {}

    static Optional<ObjectNode> record(Identity identity, Ended ended, Instant when) {
        if (!AckKind.of(ended.entry().message()).wants(ended.end())) {
            return Optional.empty();
        }
        ObjectNode record = Json.object();
        record.put("originalMessageId", ended.entry().message().messageId().orElse(null));
        record.put("description", ended.end().description());
        record.put("deviceGenerationId", ended.entry().generationId());
        record.put("deviceId", identity.deviceId());
        record.put("enqueuedTimeUtc", WireTime.format(when));
        record.put("statusCode", ended.end().statusCode());
        return Optional.of(record);
    }
}
