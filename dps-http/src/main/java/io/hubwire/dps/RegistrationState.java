package io.hubwire.dps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.WireTime;
import io.hubwire.protocol.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What DPS knows about a device's registration. Source: dps 2.3, {@code DeviceRegistrationState} of the device and the
 * service API.
 *
 * @param registrationId as DPS spells it; empty when it told none
 * @param statusText the status as on the wire, for those that {@link Status} does not know
 * @param assignedHub host name; null until assigned
 * @param deviceId name at that hub; null until assigned
 * @param substatus how the assignment came about, such as {@code initialAssignment}, {@code deviceDataMigrated},
 *     {@code deviceDataReset}, {@code reprovisionedToInitialAssignment}; null when not told
 * @param errorCode why it failed, DPS's number; 0 when not told
 * @param errorMessage why it failed, for people; may hold a hub's whole error body; null when not told
 * @param created when the device first registered, by the service's clock; null when not told
 * @param lastUpdated when this last changed, by the service's clock; null when not told
 * @param etag to be compared as text only; null when not told
 * @param payload JSON text from the custom allocation; null when there is none
 * @param enrollmentGroupId the group that let the device in; null for an individual enrollment
 * @param tpmAuthenticationKey base64 of what the TPM turns into its key for the hub; null without TPM
 * @param issuedCertificateChain base64 of DER, the device's certificate first; empty unless a request for one was sent
 */
public record RegistrationState(
        String registrationId,
        String statusText,
        @Nullable String assignedHub,
        @Nullable String deviceId,
        @Nullable String substatus,
        int errorCode,
        @Nullable String errorMessage,
        @Nullable Instant created,
        @Nullable Instant lastUpdated,
        @Nullable String etag,
        @Nullable String payload,
        @Nullable String enrollmentGroupId,
        @Nullable String tpmAuthenticationKey,
        List<String> issuedCertificateChain) {

    /** How far a registration is. DPS may add others. */
    public enum Status {
        UNASSIGNED,
        ASSIGNING,
        ASSIGNED,
        FAILED,
        /** The enrollment is switched off. */
        DISABLED,
        /** One this version does not know; see {@link RegistrationState#statusText()}. */
        UNKNOWN;

        static Status of(String text) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "unassigned" -> UNASSIGNED;
                case "assigning" -> ASSIGNING;
                case "assigned" -> ASSIGNED;
                case "failed" -> FAILED;
                case "disabled" -> DISABLED;
                default -> UNKNOWN;
            };
        }
    }

    public RegistrationState {
        issuedCertificateChain = List.copyOf(issuedCertificateChain);
    }

    /** {@link #statusText} as one of those this version knows, in any case of letters. */
    public Status status() {
        return Status.of(statusText);
    }

    /** {@link #errorCode()}, or empty when not told. */
    public OptionalInt error() {
        return errorCode == 0 ? OptionalInt.empty() : OptionalInt.of(errorCode);
    }

    /** Reads a bare state; members of a wrong kind count as absent. */
    static RegistrationState of(ObjectNode state) {
        List<String> chain = new ArrayList<>();
        state.path("issuedCertificateChain").forEach(c -> chain.add(c.asText()));
        JsonNode payload = state.path("payload");
        return new RegistrationState(
                state.path("registrationId").asText(""),
                state.path("status").asText(""),
                state.path("assignedHub").textValue(),
                state.path("deviceId").textValue(),
                state.path("substatus").textValue(),
                state.path("errorCode").asInt(0),
                state.path("errorMessage").textValue(),
                time(state.path("createdDateTimeUtc")),
                time(state.path("lastUpdatedDateTimeUtc")),
                state.path("etag").textValue(),
                payload.isMissingNode() || payload.isNull() ? null : Json.write(payload),
                group(state),
                state.path("tpm").path("authenticationKey").textValue(),
                chain);
    }

    private static @Nullable Instant time(JsonNode text) {
        return WireTime.parse(text.asText("")).orElse(null);
    }

    private static @Nullable String group(ObjectNode state) {
        String byKey = state.path("symmetricKey").path("enrollmentGroupId").textValue();
        return byKey != null
                ? byKey
                : state.path("x509").path("enrollmentGroupId").textValue();
    }

    /** Status and assignment; keys, payload and certificates do not show. */
    @Override
    public String toString() {
        return "RegistrationState[" + registrationId + " " + statusText
                + (substatus == null ? "" : "/" + substatus)
                + (assignedHub == null ? "" : " hub=" + assignedHub)
                + (deviceId == null ? "" : " device=" + deviceId)
                + (errorCode == 0 ? "" : " error=" + errorCode) + "]";
    }
}
