package io.hubwire.localhub.engine.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.DirectMethods.Call;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.localhub.engine.query.QueryException;
import io.hubwire.localhub.engine.query.TargetCondition;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.WireTime;
import io.hubwire.protocol.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * What a back end asks of a job. Source: service-rest 8.
 *
 * @param condition as it was written
 * @param start when it begins; never before the request
 * @param echo {@code updateTwin} or {@code cloudToDeviceMethod} as it came
 */
record JobRequest(
        String jobId,
        Work work,
        String condition,
        TargetCondition target,
        Instant start,
        Duration maxExecution,
        ObjectNode echo) {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9\\-:.+%_#*?!(),=@;$']{1,128}");
    private static final int DEFAULT_SECONDS = 3_600;
    private static final int DEFAULT_RESPONSE_SECONDS = 30;

    /** What is done on each device. */
    sealed interface Work {
        /** {@code type} of a job. */
        String type();

        /** The name of the member that says what to do. */
        String member();

        /** Merges into its twin, as {@code PATCH} does. */
        record UpdateTwin(ObjectNode body) implements Work {
            @Override
            public String type() {
                return "scheduleUpdateTwin";
            }

            @Override
            public String member() {
                return "updateTwin";
            }
        }

        /** Calls a method. */
        record InvokeMethod(Call call) implements Work {
            @Override
            public String type() {
                return "scheduleDeviceMethod";
            }

            @Override
            public String member() {
                return "cloudToDeviceMethod";
            }
        }
    }

    /**
     * Reads a request body.
     *
     * @throws HubException 400004
     */
    static JobRequest read(String jobId, ObjectNode body, Instant now) {
        if (!ID.matcher(jobId).matches()) {
            throw invalid(
                    "jobId [" + jobId + "] must be 1 to 128 letters, digits or - : . + % _ # * ? ! ( ) , = @ ; $ '");
        }
        if (body.hasNonNull("jobId") && !body.path("jobId").asText().equals(jobId)) {
            throw invalid("jobId [" + body.path("jobId").asText() + "] of the body is not the one of the path [" + jobId
                    + "]");
        }
        Work work = work(body);
        String condition = condition(body);
        return new JobRequest(
                jobId,
                work,
                condition,
                target(condition),
                start(body, now),
                Duration.ofSeconds(seconds(body, "maxExecutionTimeInSeconds", DEFAULT_SECONDS, 1)),
                body.path(work.member()).deepCopy());
    }

    /** A body from which {@link #read} makes this request again, given the same time. */
    ObjectNode toJson() {
        ObjectNode body = Json.object()
                .put("type", work.type())
                .put("queryCondition", condition)
                .put("startTime", start.toString())
                .put("maxExecutionTimeInSeconds", maxExecution.toSeconds());
        body.set(work.member(), echo.deepCopy());
        return body;
    }

    private static Work work(ObjectNode body) {
        String type = body.path("type").asText();
        if (type.equalsIgnoreCase("scheduleUpdateTwin")) {
            return updateTwin(body.path("updateTwin"));
        }
        if (type.equalsIgnoreCase("scheduleDeviceMethod")) {
            return method(body.path("cloudToDeviceMethod"));
        }
        throw invalid("type [" + type + "] must be scheduleUpdateTwin or scheduleDeviceMethod");
    }

    private static Work updateTwin(JsonNode update) {
        if (!(update instanceof ObjectNode object)) {
            throw invalid("a job of type scheduleUpdateTwin needs the object updateTwin");
        }
        if (!object.path("etag").asText().replace("\"", "").equals("*")) {
            // these words, since callers have been seen to look for them
            throw invalid("Missing or invalid etag for job type ScheduleUpdateTwin. ScheduleUpdateTwin job type is a"
                    + " force update, which only accepts '*' as the Etag.");
        }
        return new Work.UpdateTwin(object.deepCopy());
    }

    private static Work method(JsonNode method) {
        String name = method.path("methodName").asText();
        if (name.isEmpty()) {
            throw invalid("a job of type scheduleDeviceMethod needs cloudToDeviceMethod with a methodName");
        }
        return new Work.InvokeMethod(new Call(
                name,
                method.has("payload") ? Json.writeBytes(method.get("payload")) : new byte[0],
                Duration.ofSeconds(seconds(method, "responseTimeoutInSeconds", DEFAULT_RESPONSE_SECONDS, 5)),
                Duration.ofSeconds(seconds(method, "connectTimeoutInSeconds", 0, 0))));
    }

    private static String condition(ObjectNode body) {
        JsonNode condition = body.path("queryCondition");
        if (!condition.isTextual() || condition.textValue().isBlank()) {
            throw invalid("queryCondition must be the part of a query after WHERE, or * for all devices");
        }
        return condition.textValue();
    }

    private static TargetCondition target(String condition) {
        try {
            return TargetCondition.parse(condition);
        } catch (QueryException e) {
            throw invalid("queryCondition: " + e.getMessage());
        }
    }

    private static Instant start(ObjectNode body, Instant now) {
        if (!body.hasNonNull("startTime") || body.path("startTime").asText().isEmpty()) {
            return now;
        }
        String text = body.path("startTime").asText();
        Instant start = WireTime.parse(text)
                .orElseThrow(
                        () -> invalid("startTime [" + text + "] must be a time of ISO 8601, 2024-01-31T00:00:00Z"));
        return start.isBefore(now) ? now : start;
    }

    private static int seconds(JsonNode body, String member, int otherwise, int least) {
        JsonNode value = body.path(member);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < least) {
            throw invalid(member + " [" + value + "] must be a whole number of seconds from " + least + " on");
        }
        return value.intValue();
    }

    private static HubException invalid(String detail) {
        return new HubException(HubError.ARGUMENT_INVALID, detail);
    }
}
