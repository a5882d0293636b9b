package io.hubwire.dps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.dps.AttestationMechanism.CaReferences;
import io.hubwire.dps.AttestationMechanism.ClientCertificates;
import io.hubwire.dps.AttestationMechanism.Other;
import io.hubwire.dps.AttestationMechanism.SigningCertificates;
import io.hubwire.dps.AttestationMechanism.SymmetricKeys;
import io.hubwire.dps.AttestationMechanism.TpmKeys;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.json.Json;
import org.jspecify.annotations.Nullable;

/** The object that stands in an enrollment's {@code attestation}. Source: dps 6.1. */
final class AttestationCodec {
    private AttestationCodec() {}

    static ObjectNode write(AttestationMechanism mechanism) {
        ObjectNode out = Json.object();
        if (mechanism instanceof SymmetricKeys keys) {
            ObjectNode both = out.put("type", "symmetricKey").putObject("symmetricKey");
            put(
                    both,
                    "primaryKey",
                    keys.primary() == null ? null : keys.primary().base64());
            put(
                    both,
                    "secondaryKey",
                    keys.secondary() == null ? null : keys.secondary().base64());
        } else if (mechanism instanceof TpmKeys tpm) {
            ObjectNode keys = out.put("type", "tpm").putObject("tpm");
            keys.put("endorsementKey", tpm.endorsementKey());
            put(keys, "storageRootKey", tpm.storageRootKey());
        } else if (mechanism instanceof ClientCertificates c) {
            certificates(x509(out).putObject("clientCertificates"), c.primary(), c.secondary());
        } else if (mechanism instanceof SigningCertificates c) {
            certificates(x509(out).putObject("signingCertificates"), c.primary(), c.secondary());
        } else if (mechanism instanceof CaReferences names) {
            ObjectNode references = x509(out).putObject("caReferences");
            references.put("primary", names.primary());
            put(references, "secondary", names.secondary());
        } else if (mechanism instanceof Other other) {
            return Json.parseObject("attestation", other.json());
        } else {
            throw new IllegalStateException("no document for [" + mechanism + "]");
        }
        return out;
    }

    /** @throws RemoteProtocolException when a key in it is damaged */
    static AttestationMechanism read(ObjectNode attestation) {
        JsonNode x509 = attestation.path("x509");
        return switch (attestation.path("type").asText("")) {
            case "symmetricKey" ->
                new SymmetricKeys(
                        key(attestation.path("symmetricKey").path("primaryKey")),
                        key(attestation.path("symmetricKey").path("secondaryKey")));
            case "tpm" ->
                new TpmKeys(
                        attestation.path("tpm").path("endorsementKey").asText(""),
                        attestation.path("tpm").path("storageRootKey").textValue());
            case "x509" -> {
                if (x509.path("clientCertificates").isObject()) {
                    JsonNode own = x509.path("clientCertificates");
                    yield new ClientCertificates(certificate(own.path("primary")), second(own.path("secondary")));
                }
                if (x509.path("signingCertificates").isObject()) {
                    JsonNode signing = x509.path("signingCertificates");
                    yield new SigningCertificates(
                            certificate(signing.path("primary")), second(signing.path("secondary")));
                }
                if (x509.path("caReferences").isObject()) {
                    JsonNode names = x509.path("caReferences");
                    yield new CaReferences(
                            names.path("primary").asText(""),
                            names.path("secondary").textValue());
                }
                yield new Other(Json.write(attestation));
            }
            default -> new Other(Json.write(attestation));
        };
    }

    private static ObjectNode x509(ObjectNode out) {
        return out.put("type", "x509").putObject("x509");
    }

    private static void certificates(ObjectNode out, String primary, @Nullable String secondary) {
        out.putObject("primary").put("certificate", primary);
        if (secondary != null) {
            out.putObject("secondary").put("certificate", secondary);
        }
    }

    private static void put(ObjectNode out, String name, @Nullable String value) {
        if (value != null) {
            out.put(name, value);
        }
    }

    private static @Nullable SymmetricKey key(JsonNode base64) {
        String text = base64.asText("");
        try {
            return text.isEmpty() ? null : SymmetricKey.ofBase64(text);
        } catch (InvalidInputException damaged) {
            throw new RemoteProtocolException("attestation holds a damaged key: " + damaged.getMessage());
        }
    }

    private static String certificate(JsonNode withInfo) {
        return withInfo.path("certificate").asText("");
    }

    private static @Nullable String second(JsonNode withInfo) {
        return withInfo.isObject() ? certificate(withInfo) : null;
    }
}
