package io.hubwire.localhub.engine;

import io.hubwire.protocol.Identity;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who may do what. Source: sas-auth 3 to 5. */
public interface AccessControl {
    /** A permission of a shared access policy. */
    enum Right {
        REGISTRY_READ,
        REGISTRY_WRITE,
        SERVICE_CONNECT,
        DEVICE_CONNECT
    }

    /** How a device proves who it is. Never printed. */
    sealed interface Credentials {
        /**
         * A token.
         *
         * @param token the whole {@code SharedAccessSignature …} text; its {@code toString} is masked
         */
        record Sas(String token) implements Credentials {
            @Override
            public String toString() {
                return "Sas[masked]";
            }
        }

        /**
         * A client certificate.
         *
         * @param chain as presented in the TLS handshake, leaf first; possession of the key is proven
         */
        record Certificate(List<X509Certificate> chain) implements Credentials {
            public Certificate {
                chain = List.copyOf(chain);
            }
        }

        /** Neither a password nor a certificate. */
        record None() implements Credentials {}
    }

    /**
     * A device or module that was let in.
     *
     * @param authMethod JSON text for {@code iothub-connection-auth-method}
     * @param generationId of the identity
     * @param validUntil when the token ends ({@code se}); null with a certificate
     */
    record DeviceAccess(
            Identity identity,
            String authMethod,
            String generationId,
            @Nullable Instant validUntil) {}

    /**
     * A back end that was let in.
     *
     * @param policy name of the shared access policy
     * @param audience decoded {@code sr}, without scheme, port and trailing slash, host in lower case
     * @param validUntil when the token ends
     */
    record ServiceAccess(String policy, Set<Right> rights, String audience, Instant validUntil) {
        /**
         * This access, if it has the right.
         *
         * @throws HubException 401002 when the policy lacks the right
         */
        public ServiceAccess require(Right right) {
            if (!rights.contains(right)) {
                throw new HubException(
                        io.hubwire.protocol.HubError.IOT_HUB_UNAUTHORIZED_ACCESS,
                        "Authorization rule '" + policy + "' does not allow access for '" + right + "'");
            }
            return this;
        }
    }

    /**
     * Lets a device or module in, on MQTT and on the device endpoints of HTTPS.
     *
     * @throws HubException 404001 or 404010 unknown identity; 403012 disabled; 401003 wrong key, signature, audience,
     *     certificate, or expired (the detail says which)
     */
    DeviceAccess device(Identity identity, Credentials credentials);

    /**
     * Lets a back end in, on HTTPS and for AMQP put-token and SASL PLAIN. The audience may be the hub's host (any of its
     * names), anything below it, or {@code sb://host/entity…} of the event endpoint.
     *
     * @param token the whole {@code SharedAccessSignature …} text
     * @throws HubException 401002 or 401003
     */
    ServiceAccess service(String token);

    /**
     * SASL PLAIN of the event endpoint: key name and raw base64 key.
     *
     * @throws HubException 401002
     */
    ServiceAccess serviceByKey(String policy, String key);
}
