package io.hubwire.devicehttp;

import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.TokenSource;
import io.hubwire.auth.X509Identity;
import io.hubwire.https.HttpsOptions;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import java.security.SecureRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which device or module, how it proves itself, and how the hub is reached. Immutable.
 *
 * <pre>{@code
 * DeviceHttpOptions.of(ConnectionString.parse(text)).build();
 * DeviceHttpOptions.of("contoso.azure-devices.net", Identity.device("d1"), X509Identity.pem(file, null)).build();
 * }</pre>
 *
 * @param identity the device or module
 * @param https the hub, and how to reach it
 * @param tokens asked on the calling thread, before each call; null with a certificate
 * @param apiVersion sent with every call, as it is; a date such as {@code 2021-04-12}
 */
public record DeviceHttpOptions(
        Identity identity, HttpsOptions https, @Nullable TokenSource tokens, String apiVersion) {
    /** The version that the newest SDK with this transport asks for. Source: device-http 1. */
    public static final String DEFAULT_API_VERSION = "2021-04-12";

    /**
     * With the key or token of a device's or module's connection string. With a gateway in it, requests go there.
     *
     * @throws InvalidInputException when it names no device, or has no key and no token
     */
    public static Builder of(ConnectionString device) {
        Identity identity = device.identity()
                .orElseThrow(() -> new InvalidInputException("the connection string for [" + device.hostName()
                        + "] names no device; use one with DeviceId"));
        TokenSource tokens = TokenSource.of(device, null, new SecureRandom())
                .orElseThrow(() -> new InvalidInputException("the connection string of [" + identity
                        + "] has no key and no token; with x509=true give the certificate to of(hostName, identity,"
                        + " certificate)"));
        return new Builder(device.connectHost(), identity, tokens);
    }

    /**
     * With a client certificate, self-signed or of a CA; no token is sent then.
     *
     * @param hostName the hub's full name, for example {@code contoso.azure-devices.net}
     */
    public static Builder of(String hostName, Identity identity, X509Identity certificate) {
        return new Builder(hostName, identity, null).https(h -> h.clientCertificate(certificate));
    }

    /**
     * With tokens from elsewhere.
     *
     * @param tokens asked on the calling thread, before each call
     */
    public static Builder of(String hostName, Identity identity, TokenSource tokens) {
        return new Builder(hostName, identity, tokens);
    }

    /** Who, where to and in which version; no token. */
    @Override
    public String toString() {
        return "DeviceHttpOptions[" + identity + ", " + https + ", api-version " + apiVersion + "]";
    }

    /** Collects options. Not thread-safe. */
    public static final class Builder {
        private final Identity identity;
        private final HttpsOptions.Builder https;
        private final @Nullable TokenSource tokens;
        private String apiVersion = DEFAULT_API_VERSION;

        private Builder(String hostName, Identity identity, @Nullable TokenSource tokens) {
            this.identity = identity;
            this.https = HttpsOptions.to(hostName);
            this.tokens = tokens;
        }

        /** Default {@value DeviceHttpOptions#DEFAULT_API_VERSION}; sent as it is, the hub judges it. */
        public Builder apiVersion(String value) {
            this.apiVersion = value;
            return this;
        }

        /** Port, roots, proxy, deadline, repetition, trace: whatever {@link HttpsOptions.Builder} offers. */
        public Builder https(Consumer<HttpsOptions.Builder> change) {
            change.accept(https);
            return this;
        }

        public DeviceHttpOptions build() {
            return new DeviceHttpOptions(identity, https.build(), tokens, apiVersion);
        }
    }
}
