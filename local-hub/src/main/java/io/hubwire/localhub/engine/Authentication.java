package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.json.Json;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How an identity proves who it is: {@code authentication} of the service API. Keys belong to {@code SAS}, thumbprints to
 * {@code SELF_SIGNED}; what does not belong is null. Source: service-rest 2.2.
 */
record Authentication(
        Type type,
        @Nullable SymmetricKey primaryKey,
        @Nullable SymmetricKey secondaryKey,
        @Nullable String primaryThumbprint,
        @Nullable String secondaryThumbprint) {
    static final Authentication NONE = new Authentication(Type.NONE, null, null, null, null);

    enum Type {
        SAS("sas"),
        SELF_SIGNED("selfSigned"),
        CERTIFICATE_AUTHORITY("certificateAuthority"),
        NONE("none");

        private final String wireName;

        Type(String wireName) {
            this.wireName = wireName;
        }

        String wireName() {
            return wireName;
        }

        static Type parse(String text) {
            for (Type type : values()) {
                if (type.wireName.equalsIgnoreCase(text)) {
                    return type;
                }
            }
            throw invalid("authentication.type [" + text + "] must be sas, selfSigned, certificateAuthority or none");
        }
    }

    /** A device with these two keys. */
    static Authentication sas(SymmetricKey primary, SymmetricKey secondary) {
        return new Authentication(Type.SAS, primary, secondary, null, null);
    }

    /**
     * Reads what a back end wrote. Keys that are absent or empty stay as they were, or are made.
     *
     * @param node the {@code authentication} member; null or JSON null when it was left out
     * @param before what the identity had; null for a new one
     * @throws HubException 400004
     */
    static Authentication read(
            @Nullable JsonNode node, @Nullable Authentication before, Supplier<SymmetricKey> newKey) {
        if (node == null || node.isNull()) {
            return before != null ? before : sas(newKey.get(), newKey.get());
        }
        if (!node.isObject()) {
            throw invalid("authentication must be an object");
        }
        String primaryThumbprint = thumbprint(node, "primaryThumbprint");
        String secondaryThumbprint = thumbprint(node, "secondaryThumbprint");
        boolean thumbprints = primaryThumbprint != null || secondaryThumbprint != null;
        Type type = node.hasNonNull("type")
                ? Type.parse(node.get("type").asText())
                : thumbprints ? Type.SELF_SIGNED : Type.SAS; // as the Node SDK has it
        return switch (type) {
            case SAS -> {
                if (thumbprints) {
                    throw invalid("authentication has type [sas] and a thumbprint; it may have keys or thumbprints");
                }
                yield sas(
                        key(node, "primaryKey", before == null ? null : before.primaryKey, newKey),
                        key(node, "secondaryKey", before == null ? null : before.secondaryKey, newKey));
            }
            case SELF_SIGNED -> {
                if (!thumbprints) {
                    throw invalid("authentication has type [selfSigned] and no x509Thumbprint");
                }
                yield new Authentication(type, null, null, primaryThumbprint, secondaryThumbprint);
            }
            case CERTIFICATE_AUTHORITY, NONE -> new Authentication(type, null, null, null, null);
        };
    }

    /** The {@code authentication} member, with its keys. */
    ObjectNode toJson() {
        ObjectNode json = Json.object();
        ObjectNode keys = json.putObject("symmetricKey");
        keys.put("primaryKey", primaryKey == null ? null : primaryKey.base64());
        keys.put("secondaryKey", secondaryKey == null ? null : secondaryKey.base64());
        json.set("x509Thumbprint", thumbprints());
        json.put("type", type.wireName());
        return json;
    }

    /** The {@code x509Thumbprint} member. */
    ObjectNode thumbprints() {
        ObjectNode json = Json.object();
        json.put("primaryThumbprint", primaryThumbprint);
        json.put("secondaryThumbprint", secondaryThumbprint);
        return json;
    }

    private static SymmetricKey key(
            JsonNode node, String name, @Nullable SymmetricKey before, Supplier<SymmetricKey> newKey) {
        String text = node.path("symmetricKey").path(name).asText("");
        if (text.isEmpty() || node.path("symmetricKey").path(name).isNull()) {
            return before != null ? before : newKey.get();
        }
        try {
            return SymmetricKey.ofBase64(text);
        } catch (InvalidInputException e) {
            throw invalid("authentication.symmetricKey." + name + ": " + e.getMessage());
        }
    }

    /** Hex digits in upper case, without the colons and blanks that tools print; null when absent or empty. */
    private static @Nullable String thumbprint(JsonNode node, String name) {
        JsonNode given = node.path("x509Thumbprint").path(name);
        if (given.isMissingNode() || given.isNull() || given.asText().isEmpty()) {
            return null;
        }
        String hex = given.asText().replace(":", "").replace(" ", "").toUpperCase(Locale.ROOT);
        if ((hex.length() != 40 && hex.length() != 64) || !hex.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
            throw invalid("authentication.x509Thumbprint." + name + " [" + given.asText()
                    + "] must be 40 (SHA-1) or 64 (SHA-256) hexadecimal digits");
        }
        return hex;
    }

    private static HubException invalid(String detail) {
        return new HubException(HubError.ARGUMENT_INVALID, detail);
    }

    @Override
    public String toString() {
        return "Authentication[" + type + "]";
    }
}
