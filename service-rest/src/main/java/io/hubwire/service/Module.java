package io.hubwire.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.json.Json;
import java.time.Instant;
import java.util.Optional;

/**
 * A module's identity on a device; a view of the hub's document, as {@link Device} is. Source: service-rest 3.
 */
public final class Module {
    private final ObjectNode document;
    private final Identity identity;

    private Module(ObjectNode ownedDocument) {
        this.document = ownedDocument;
        String device = Fields.requiredText(ownedDocument, "deviceId");
        String module = Fields.requiredText(ownedDocument, "moduleId");
        this.identity = Fields.told("member [deviceId] or [moduleId] is no id", () -> Identity.module(device, module));
    }

    /** A new module that leaves everything to the hub, its two keys as well. */
    public static Module of(String deviceId, String moduleId) {
        return builder(deviceId, moduleId).build();
    }

    /** @throws InvalidInputException when an id breaks its rule */
    public static Builder builder(String deviceId, String moduleId) {
        Identity identity = Identity.module(deviceId, moduleId);
        return new Builder(Json.object().put("deviceId", identity.deviceId()).put("moduleId", moduleId));
    }

    /**
     * Reads a document as the REST API has it.
     *
     * @throws io.hubwire.protocol.RemoteProtocolException when it is no object or an id is missing or illegal
     */
    public static Module parse(String json) {
        return read(Json.parseObject("module", json));
    }

    static Module read(ObjectNode document) {
        return new Module(document.deepCopy());
    }

    /** Device and module id. */
    public Identity identity() {
        return identity;
    }

    /** Who looks after it, {@code IotEdge} for example. */
    public Optional<String> managedBy() {
        return Fields.text(document, "managedBy");
    }

    /** Changes when an id is deleted and made again. */
    public Optional<String> generationId() {
        return Fields.text(document, "generationId");
    }

    /** The identity's version; the twin has its own. */
    public Optional<String> etag() {
        return Fields.text(document, "etag");
    }

    /** Whether it is connected over MQTT or AMQP. */
    public boolean isConnected() {
        return Fields.text(document, "connectionState").orElse("").equalsIgnoreCase("Connected");
    }

    /** Empty if never. */
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

    /** The whole document, keys included. */
    public String json() {
        return Json.write(document);
    }

    /** A copy of the whole document, keys included. */
    public ObjectNode tree() {
        return document.deepCopy();
    }

    /** A builder that starts from this module. */
    public Builder toBuilder() {
        return new Builder(document.deepCopy());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Module that && document.equals(that.document);
    }

    @Override
    public int hashCode() {
        return document.hashCode();
    }

    @Override
    public String toString() {
        return "Module[" + identity + (isConnected() ? ", connected" : "") + "]";
    }

    /** Collects a module. Not thread-safe. */
    public static final class Builder {
        private final ObjectNode document;

        private Builder(ObjectNode ownedDocument) {
            this.document = ownedDocument;
        }

        /** Who looks after it, {@code IotEdge} for example. */
        public Builder managedBy(String value) {
            document.put("managedBy", value);
            return this;
        }

        /** Unless set, the hub makes two keys. */
        public Builder authentication(Authentication value) {
            document.set("authentication", AuthenticationCodec.write(value));
            return this;
        }

        /** Any member by its wire name, for what has no method here. */
        public Builder member(String name, JsonNode value) {
            document.set(name, value.deepCopy());
            return this;
        }

        public Module build() {
            return read(document);
        }
    }
}
