package io.hubwire.localhub.amqp;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.qpid.protonj2.buffer.ProtonBuffer;
import org.apache.qpid.protonj2.types.Symbol;
import org.apache.qpid.protonj2.types.messaging.AmqpValue;
import org.apache.qpid.protonj2.types.messaging.ApplicationProperties;
import org.apache.qpid.protonj2.types.messaging.Properties;
import org.jspecify.annotations.Nullable;

/** A node that answers each message with one message: {@code $cbs}, {@code $management}. */
@FunctionalInterface
interface RequestNode {
    /** The answer to a request; refusals are answers too. */
    Answer answer(Sections request);

    /**
     * An answer.
     *
     * @param status as in HTTP; an AMQP int on the wire
     * @param condition an AMQP condition, or null when all is well
     * @param body of the amqp-value section
     */
    record Answer(
            int status,
            String description,
            @Nullable String condition,
            @Nullable Object body) {
        static Answer ok(@Nullable Object body) {
            return new Answer(200, "OK", null, body);
        }

        /** @param correlationId the request's message id, in its own AMQP type */
        ProtonBuffer encode(@Nullable Object correlationId, SectionWriter writer) {
            Map<String, Object> status = new LinkedHashMap<>();
            status.put("status-code", status());
            status.put("status-description", description());
            if (condition != null) {
                status.put("error-condition", Symbol.valueOf(condition));
            }
            Properties properties = new Properties();
            properties.setCorrelationId(correlationId);
            return writer.draft(0)
                    .add(properties)
                    .add(new ApplicationProperties(status))
                    .add(new AmqpValue<>(body))
                    .finish();
        }
    }
}
