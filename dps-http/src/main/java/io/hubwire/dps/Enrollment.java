package io.hubwire.dps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.WireTime;
import io.hubwire.protocol.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Who may register, and where it goes: what an {@link IndividualEnrollment} and an {@link EnrollmentGroup} have in common.
 * Immutable. Holds the service's JSON document, so that a read, changed and written enrollment loses nothing, not even
 * members this version does not know. Source: dps 6.1.
 */
public abstract sealed class Enrollment permits IndividualEnrollment, EnrollmentGroup {
    private final ObjectNode document;

    Enrollment(ObjectNode document) {
        this.document = document.deepCopy();
    }

    /** The registration id, or the group's id. */
    public abstract String id();

    /** What a device must prove itself with. Keys are not told by a plain read. */
    public AttestationMechanism attestation() {
        return AttestationCodec.read(
                document.path("attestation") instanceof ObjectNode attestation ? attestation : Json.object());
    }

    /** Whether devices may register; a switched-off group shuts its devices out. */
    public boolean isEnabled() {
        return !document.path("provisioningStatus").asText("enabled").equalsIgnoreCase("disabled");
    }

    /** Host names of the hubs to choose from; empty for all linked ones. */
    public List<String> iotHubs() {
        List<String> hubs = new ArrayList<>();
        document.path("iotHubs").forEach(h -> hubs.add(h.asText()));
        return List.copyOf(hubs);
    }

    /** How one of them is chosen; empty for the instance's own rule. */
    public Optional<AllocationPolicy> allocationPolicy() {
        return AllocationPolicy.of(document.path("allocationPolicy").asText(""));
    }

    /** What a second registration does; empty when the enrollment does not say. */
    public Optional<ReprovisionPolicy> reprovisionPolicy() {
        JsonNode policy = document.path("reprovisionPolicy");
        return policy.isObject()
                ? Optional.of(ReprovisionPolicy.of(
                        policy.path("updateHubAssignment").asBoolean(true),
                        policy.path("migrateDeviceData").asBoolean(true)))
                : Optional.empty();
    }

    /** JSON text {@code {"tags":{…},"properties":{"desired":{…}}}} that a new device's twin starts with. */
    public Optional<String> initialTwin() {
        return document.path("initialTwin") instanceof ObjectNode twin
                ? Optional.of(Json.write(twin))
                : Optional.empty();
    }

    /** Whether the devices are IoT Edge devices. */
    public boolean isEdge() {
        return document.path("capabilities").path("iotEdge").asBoolean(false);
    }

    /** The version's tag, as the service wrote it; empty on one that was never saved. */
    public Optional<String> etag() {
        return Optional.ofNullable(document.path("etag").textValue());
    }

    /** When it was made; empty on one that was never saved. */
    public Optional<Instant> created() {
        return WireTime.parse(document.path("createdDateTimeUtc").asText(""));
    }

    /** When it was last written; empty on one that was never saved. */
    public Optional<Instant> lastUpdated() {
        return WireTime.parse(document.path("lastUpdatedDateTimeUtc").asText(""));
    }

    /** The whole document. May hold keys. */
    public String json() {
        return Json.write(document);
    }

    ObjectNode document() {
        return document.deepCopy();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Enrollment that && getClass() == that.getClass() && document.equals(that.document);
    }

    @Override
    public int hashCode() {
        return document.hashCode();
    }

    /** Id and state; no keys. */
    @Override
    public String toString() {
        return getClass().getSimpleName() + "[" + id() + (isEnabled() ? "" : ", disabled") + "]";
    }

    /**
     * Collects what an enrollment says. Not thread-safe.
     *
     * @param <E> the kind
     */
    public static final class Builder<E extends Enrollment> {
        private final ObjectNode document;
        private final Function<ObjectNode, E> maker;

        Builder(ObjectNode start, Function<ObjectNode, E> maker) {
            this.document = start.deepCopy();
            this.maker = maker;
        }

        /** What a device must prove itself with. */
        public Builder<E> attestation(AttestationMechanism value) {
            document.set("attestation", AttestationCodec.write(value));
            return this;
        }

        /** Default true. */
        public Builder<E> enabled(boolean value) {
            document.put("provisioningStatus", value ? "enabled" : "disabled");
            return this;
        }

        /** Host names, a subset of the linked hubs; none for all of them. */
        public Builder<E> iotHubs(String... hostNames) {
            ArrayNode hubs = document.putArray("iotHubs");
            for (String hostName : hostNames) {
                hubs.add(hostName);
            }
            return this;
        }

        /** How a hub is chosen; default the instance's own rule. */
        public Builder<E> allocationPolicy(AllocationPolicy value) {
            document.put("allocationPolicy", value.wireName());
            return this;
        }

        /** The webhook of {@link AllocationPolicy#CUSTOM}, and the api-version it is called with. */
        public Builder<E> customAllocation(String webhookUrl, String apiVersion) {
            allocationPolicy(AllocationPolicy.CUSTOM);
            document.putObject("customAllocationDefinition")
                    .put("webhookUrl", webhookUrl)
                    .put("apiVersion", apiVersion);
            return this;
        }

        /** What a second registration does; default the service's own, which is to move the device's data along. */
        public Builder<E> reprovisionPolicy(ReprovisionPolicy value) {
            document.putObject("reprovisionPolicy")
                    .put("updateHubAssignment", value.updateHubAssignment())
                    .put("migrateDeviceData", value.migrateDeviceData());
            return this;
        }

        /**
         * What a new device's twin starts with.
         *
         * @param json an object with {@code tags}, {@code properties.desired} or both
         * @throws InvalidInputException when it is no JSON object
         */
        public Builder<E> initialTwin(String json) {
            try {
                document.set("initialTwin", Json.parseObject("initial twin", json));
            } catch (RemoteProtocolException notJson) {
                throw new InvalidInputException(String.valueOf(notJson.getMessage()), notJson);
            }
            return this;
        }

        /** Whether the device is an IoT Edge device; default false. */
        public Builder<E> edge(boolean value) {
            document.putObject("capabilities").put("iotEdge", value);
            return this;
        }

        Builder<E> set(String member, String value) {
            document.put(member, value);
            return this;
        }

        public E build() {
            return maker.apply(document);
        }
    }
}
