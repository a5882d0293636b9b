package io.hubwire.service;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.json.Json;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@link Authentication} as the member {@code authentication} of an identity. Source: service-rest 2.2. */
final class AuthenticationCodec {
    private AuthenticationCodec() {}

    /** The member {@code authentication}. */
    static ObjectNode write(Authentication authentication) {
        ObjectNode out = Json.object();
        if (authentication instanceof Authentication.Sas sas) {
            // empty texts ask for generated keys; an absent one might mean "keep"
            out.putObject("symmetricKey")
                    .put("primaryKey", base64(sas.primary()))
                    .put("secondaryKey", base64(sas.secondary()));
            return out.put("type", "sas");
        }
        if (authentication instanceof Authentication.SelfSigned selfSigned) {
            ObjectNode thumbprints = out.putObject("x509Thumbprint").put("primaryThumbprint", selfSigned.primary());
            if (selfSigned.secondary() != null) {
                thumbprints.put("secondaryThumbprint", selfSigned.secondary());
            }
            return out.put("type", "selfSigned");
        }
        if (authentication instanceof Authentication.CertificateAuthority) {
            return out.put("type", "certificateAuthority");
        }
        if (authentication instanceof Authentication.None) {
            return out.put("type", "none");
        }
        if (authentication instanceof Authentication.Unknown unknown) {
            return out.put("type", unknown.type());
        }
        throw new IllegalStateException("no document for [" + authentication + "]");
    }

    /** The counterpart of {@link #write}. @throws RemoteProtocolException when a member breaks its rule */
    static Authentication read(ObjectNode authentication) {
        String type = Fields.text(authentication, "type").orElse("sas");
        return switch (type) {
            case "sas" -> {
                ObjectNode keys = Fields.object(authentication, "symmetricKey");
                yield new Authentication.Sas(key(keys, "primaryKey"), key(keys, "secondaryKey"));
            }
            case "selfSigned" -> {
                ObjectNode prints = Fields.object(authentication, "x509Thumbprint");
                yield selfSigned(prints);
            }
            case "certificateAuthority" -> new Authentication.CertificateAuthority();
            case "none" -> new Authentication.None();
            default -> new Authentication.Unknown(type);
        };
    }

    private static Authentication selfSigned(ObjectNode thumbprints) {
        Optional<String> primary = Fields.text(thumbprints, "primaryThumbprint");
        Optional<String> secondary = Fields.text(thumbprints, "secondaryThumbprint");
        String first = primary.or(() -> secondary)
                .orElseThrow(
                        () -> new RemoteProtocolException(
                                "member [x509Thumbprint] of a self-signed identity has neither primaryThumbprint nor secondaryThumbprint"));
        return Fields.told(
                "unreadable identity",
                () -> new Authentication.SelfSigned(first, primary.isPresent() ? secondary.orElse(null) : null));
    }

    private static @Nullable SymmetricKey key(ObjectNode keys, String name) {
        Optional<String> text = Fields.text(keys, name).filter(key -> !key.isEmpty());
        return text.isEmpty()
                ? null
                : Fields.told("member [" + name + "] is no key", () -> SymmetricKey.ofBase64(text.get()));
    }

    private static String base64(@Nullable SymmetricKey key) {
        return key == null ? "" : key.base64();
    }
}
