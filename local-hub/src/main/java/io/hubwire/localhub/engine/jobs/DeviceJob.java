package io.hubwire.localhub.engine.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.DirectMethods.Result;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.WireTime;
import io.hubwire.protocol.json.Json;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What a job does on one device: a row of {@code devices.jobs}. Immutable; each step gives another one. Source:
 * service-rest 7, "devices.jobs".
 *
 * @param started null while it waits
 * @param ended null until it is over
 * @param outcome what the method answered; null otherwise
 * @param error why it failed; null otherwise
 */
record DeviceJob(
        Identity identity,
        Status status,
        Instant created,
        Instant updated,
        @Nullable Instant started,
        @Nullable Instant ended,
        @Nullable Result outcome,
        @Nullable HubException error) {
    /** How far it is. */
    enum Status {
        PENDING("pending"),
        RUNNING("running"),
        COMPLETED("completed"),
        FAILED("failed"),
        CANCELED("canceled");

        private final String wireName;

        Status(String wireName) {
            this.wireName = wireName;
        }
    }

    static DeviceJob pending(Identity identity, Instant now) {
        return new DeviceJob(identity, Status.PENDING, now, now, null, null, null, null);
    }

    DeviceJob running(Instant now) {
        return new DeviceJob(identity, Status.RUNNING, created, now, now, null, null, null);
    }

    DeviceJob completed(@Nullable Result answer, Instant now) {
        return new DeviceJob(identity, Status.COMPLETED, created, now, started, now, answer, null);
    }

    DeviceJob failed(HubException reason, Instant now) {
        return new DeviceJob(identity, Status.FAILED, created, now, started, now, null, reason);
    }

    DeviceJob canceled(Instant now) {
        return new DeviceJob(identity, Status.CANCELED, created, now, started, now, null, null);
    }

    /** As it is stored. */
    ObjectNode toDocument() {
        ObjectNode json = Json.object()
                .put("deviceId", identity.deviceId())
                .put("moduleId", identity.moduleId().orElse(null))
                .put("status", status.name())
                .put("created", created.toString())
                .put("updated", updated.toString())
                .put("started", started == null ? null : started.toString())
                .put("ended", ended == null ? null : ended.toString());
        if (outcome != null) {
            json.putObject("outcome").put("status", outcome.status()).put("payload", outcome.payload());
        }
        if (error != null) {
            json.putObject("error").put("error", error.error().name()).put("detail", error.detail());
        }
        return json;
    }

    /** Reads what {@link #toDocument} wrote. */
    static DeviceJob fromDocument(ObjectNode json) {
        String device = json.path("deviceId").asText();
        String module = json.path("moduleId").textValue();
        JsonNode outcome = json.path("outcome");
        JsonNode error = json.path("error");
        return new DeviceJob(
                module == null ? Identity.device(device) : Identity.module(device, module),
                Status.valueOf(json.path("status").asText()),
                Instant.parse(json.path("created").asText()),
                Instant.parse(json.path("updated").asText()),
                time(json.path("started")),
                time(json.path("ended")),
                outcome.isObject()
                        ? new Result(
                                outcome.path("status").asInt(),
                                Base64.getDecoder()
                                        .decode(outcome.path("payload").asText()))
                        : null,
                error.isObject()
                        ? new HubException(
                                HubError.valueOf(error.path("error").asText()),
                                error.path("detail").asText())
                        : null);
    }

    static @Nullable Instant time(JsonNode text) {
        return text.isTextual() ? Instant.parse(text.textValue()) : null;
    }

    boolean isOver() {
        return ended != null;
    }

    /** The row. */
    ObjectNode toJson(String jobId, String jobType) {
        ObjectNode json = Json.object();
        json.put("deviceId", identity.deviceId());
        identity.moduleId().ifPresent(module -> json.put("moduleId", module));
        json.put("jobId", jobId);
        json.put("jobType", jobType);
        json.put("status", status.wireName);
        json.put("startTimeUtc", started == null ? null : WireTime.format(started));
        json.put("endTimeUtc", ended == null ? null : WireTime.format(ended));
        json.put("createdDateTimeUtc", WireTime.format(created));
        json.put("lastUpdatedDateTimeUtc", WireTime.format(updated));
        ObjectNode response = json.putObject("outcome");
        response.set("deviceMethodResponse", outcome == null ? NullNode.getInstance() : response(outcome));
        if (error != null) {
            json.putObject("error")
                    .put("code", Integer.toString(error.error().number()))
                    .put("description", error.error().wireName() + ": " + error.detail());
        }
        return json;
    }

    private static ObjectNode response(Result result) {
        ObjectNode json = Json.object().put("status", result.status());
        json.set("payload", result.payload().length == 0 ? NullNode.getInstance() : payload(result));
        return json;
    }

    private static JsonNode payload(Result result) {
        try {
            return Json.parse("method answer", result.payload());
        } catch (RemoteProtocolException unreadable) {
            throw new IllegalStateException("the engine lets no answer through that is not JSON", unreadable);
        }
    }
}
