package io.hubwire.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A device's identity. A view of the document the hub keeps: members this class does not know stay in it, so that what was
 * read can be changed and written back. Immutable; {@link #toString} shows no key. Source: service-rest 2.2.
 */
public final class Device {
    private final ObjectNode document;
    private final DeviceId id;

    private Device(ObjectNode ownedDocument) {
        this.document = ownedDocument;
        String name = Fields.requiredText(ownedDocument, "deviceId");
        this.id = Fields.told("member [deviceId] is no id", () -> new DeviceId(name));
    }

    /** A new device that leaves everything to the hub: enabled, with two keys the hub makes. */
    public static Device of(String deviceId) {
        return builder(deviceId).build();
    }

    /** @throws InvalidInputException when the id breaks the rule of {@link DeviceId} */
    public static Builder builder(String deviceId) {
        return new Builder(Json.object().put("deviceId", new DeviceId(deviceId).value()));
    }

    /**
     * Reads a document as the REST API has it.
     *
     * @throws io.hubwire.protocol.RemoteProtocolException when it is no object, or {@code deviceId} is missing or
     *     illegal
     */
    public static Device parse(String json) {
        return read(Json.parseObject("device", json));
    }

    static Device read(ObjectNode document) {
        return new Device(document.deepCopy());
    }

    public DeviceId id() {
        return id;
    }

    /** Changes when an id is deleted and made again. */
    public Optional<String> generationId() {
        return Fields.text(document, "generationId");
    }

    /** The identity's version; the twin has its own. */
    public Optional<String> etag() {
        return Fields.text(document, "etag");
    }

    /** Whether it is connected over MQTT or AMQP; HTTPS does not count. */
    public boolean isConnected() {
        return Fields.text(document, "connectionState").orElse("").equalsIgnoreCase("Connected");
    }

    /** Whether it may connect; {@code ENABLED} when the document does not say. */
    public IdentityStatus status() {
        return Fields.text(document, "status").map(IdentityStatus::of).orElse(IdentityStatus.ENABLED);
    }

    /** Why the status is as it is; free text of up to 128 characters. */
    public Optional<String> statusReason() {
        return Fields.text(document, "statusReason");
    }

    /** Empty if it never connected. */
    public Optional<Instant> connectionStateUpdatedTime() {
        return Fields.time(document, "connectionStateUpdatedTime");
    }

    /** Empty if the status was never changed. */
    public Optional<Instant> statusUpdatedTime() {
        return Fields.time(document, "statusUpdatedTime");
    }

    /** When it last connected, sent or received; empty if never. */
    public Optional<Instant> lastActivityTime() {
        return Fields.time(document, "lastActivityTime");
    }

    /** Messages waiting for it, 0 to 50. */
    public int cloudToDeviceMessageCount() {
        return Fields.smallNumber(document, "cloudToDeviceMessageCount");
    }

    /** @throws io.hubwire.protocol.RemoteProtocolException when the hub gave a key or thumbprint that is none */
    public Authentication authentication() {
        return AuthenticationCodec.read(Fields.object(document, "authentication"));
    }

    /** The first of its keys, if it has any. */
    public Optional<SymmetricKey> primaryKey() {
        return authentication() instanceof Authentication.Sas sas
                ? Optional.ofNullable(sas.primary())
                : Optional.empty();
    }

    /** Whether it is an IoT Edge device. */
    public boolean isEdge() {
        return Fields.flag(Fields.object(document, "capabilities"), "iotEdge");
    }

    /** Its own scope on an Edge device, its parent's on any other. */
    public Optional<String> deviceScope() {
        return Fields.text(document, "deviceScope");
    }

    /** The upper Edge device's scope. */
    public List<String> parentScopes() {
        return Fields.texts(document, "parentScopes");
    }

    /** The whole document, keys included. */
    public String json() {
        return Json.write(document);
    }

    /** A copy of the whole document, keys included. */
    public ObjectNode tree() {
        return document.deepCopy();
    }

    /** A builder that starts from this device. */
    public Builder toBuilder() {
        return new Builder(document.deepCopy());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Device that && document.equals(that.document);
    }

    @Override
    public int hashCode() {
        return document.hashCode();
    }

    @Override
    public String toString() {
        return "Device[" + id + ", " + status() + (isConnected() ? ", connected" : "") + "]";
    }

    /** Collects a device. Not thread-safe. */
    public static final class Builder {
        private static final int LONGEST_REASON = 128;
        private final ObjectNode document;

        private Builder(ObjectNode ownedDocument) {
            this.document = ownedDocument;
        }

        /** Default {@code ENABLED}. */
        public Builder status(IdentityStatus value) {
            document.put("status", value.wireName());
            return this;
        }

        /** @param reason up to 128 characters. @throws InvalidInputException when longer */
        public Builder status(IdentityStatus value, String reason) {
            if (reason.length() > LONGEST_REASON) {
                throw new InvalidInputException("status reason has [" + reason.length() + "] characters; at most "
                        + LONGEST_REASON + " are allowed");
            }
            document.put("statusReason", reason);
            return status(value);
        }

        /** Unless set, the hub makes two keys. */
        public Builder authentication(Authentication value) {
            document.set("authentication", AuthenticationCodec.write(value));
            return this;
        }

        /** Whether it is an IoT Edge device. */
        public Builder edge(boolean value) {
            document.putObject("capabilities").put("iotEdge", value);
            return this;
        }

        /** Makes it a child of the Edge device with this scope. */
        public Builder deviceScope(String value) {
            document.put("deviceScope", value);
            return this;
        }

        /** For an Edge device below another. */
        public Builder parentScopes(List<String> values) {
            ArrayNode scopes = document.putArray("parentScopes");
            values.forEach(scopes::add);
            return this;
        }

        /** Any member by its wire name, for what has no method here. */
        public Builder member(String name, JsonNode value) {
            document.set(name, value.deepCopy());
            return this;
        }

        public Device build() {
            return read(document);
        }
    }
}
