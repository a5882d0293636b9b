package io.hubwire.auth;

import io.hubwire.auth.KeywordList.Element;
import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.ModuleId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where to connect and how to prove who one is: the connection string of a device, a module, a hub policy or a DPS
 * policy. Keywords may stand in any order and case; unknown ones are passed over; what SDKs disagree about in a harmful
 * way (repeats, empty values, two credentials, damaged keys) is refused. Immutable; {@link #toString()} hides the
 * credential. Source: sas-auth 7.
 */
public final class ConnectionString {
    private static final String HOST_NAME = "HostName";
    private static final String GATEWAY = "GatewayHostName";
    private static final String DEVICE_ID = "DeviceId";
    private static final String MODULE_ID = "ModuleId";
    private static final String KEY_NAME = "SharedAccessKeyName";
    private static final String KEY = "SharedAccessKey";
    private static final String SIGNATURE = "SharedAccessSignature";
    private static final String X509 = "x509";
    private static final String ENDPOINT = "Endpoint";
    private static final List<String> KEYWORDS =
            List.of(HOST_NAME, GATEWAY, DEVICE_ID, MODULE_ID, KEY_NAME, KEY, SIGNATURE, X509, ENDPOINT);

    private final String hostName;
    private final @Nullable String gatewayHostName;
    private final @Nullable Identity identity;
    private final @Nullable String policyName;
    private final @Nullable SymmetricKey key;
    private final @Nullable SasToken sasToken;

    private ConnectionString(
            String hostName,
            @Nullable String gatewayHostName,
            @Nullable Identity identity,
            @Nullable String policyName,
            @Nullable SymmetricKey key,
            @Nullable SasToken sasToken) {
        this.hostName = hostName;
        this.gatewayHostName = gatewayHostName;
        this.identity = identity;
        this.policyName = policyName;
        this.key = key;
        this.sasToken = sasToken;
    }

    /**
     * Reads a connection string of any kind; one without {@code DeviceId} and {@code ModuleId} is a policy's.
     *
     * @throws InvalidInputException naming keyword, position and rule; a key or token never shows
     */
    public static ConnectionString parse(String text) {
        KeywordList elements = split(text);
        return elements.has(DEVICE_ID) || elements.has(MODULE_ID) ? device(elements) : service(elements);
    }

    /**
     * Reads the connection string of a device or module; {@link #identity()} is there.
     *
     * @throws InvalidInputException as {@link #parse} does, and when there is no {@code DeviceId}
     */
    public static ConnectionString parseDevice(String text) {
        return device(split(text));
    }

    /**
     * Reads the connection string of a hub's or DPS's policy; {@link #policyName()} is there.
     *
     * @throws InvalidInputException as {@link #parse} does, and when there is no {@code SharedAccessKeyName}
     */
    public static ConnectionString parseService(String text) {
        return service(split(text));
    }

    /** The connection string of a device or module with a key of its own. @throws InvalidInputException on an illegal host */
    public static ConnectionString ofIdentity(String hostName, Identity identity, SymmetricKey key) {
        return new ConnectionString(checkHost(hostName), null, identity, null, key, null);
    }

    /** The connection string of a policy, of a hub or of DPS. @throws InvalidInputException on an illegal host or name */
    public static ConnectionString ofPolicy(String hostName, String policyName, SymmetricKey key) {
        Element name = new Element(KEY_NAME, policyName, 1);
        return new ConnectionString(checkHost(hostName), null, null, PolicyNames.check(name), key, null);
    }

    /** The hub or DPS as written, case kept. It names the audience and the user name even when a gateway is between. */
    public String hostName() {
        return hostName;
    }

    /** The gateway to connect to in place of the hub; it then also is the name in TLS. */
    public Optional<String> gatewayHostName() {
        return Optional.ofNullable(gatewayHostName);
    }

    /** The host to open connections to: the gateway if there is one, else the hub. */
    public String connectHost() {
        return gatewayHostName == null ? hostName : gatewayHostName;
    }

    /** The device or module; empty in a policy's connection string. */
    public Optional<Identity> identity() {
        return Optional.ofNullable(identity);
    }

    /** The policy whose key or token this is; empty with a key of the device itself and with X.509. */
    public Optional<String> policyName() {
        return Optional.ofNullable(policyName);
    }

    /** The key, when that is the credential. */
    public Optional<SymmetricKey> key() {
        return Optional.ofNullable(key);
    }

    /** The ready-made token, when that is the credential. Its expiry is not checked here: there is no clock. */
    public Optional<SasToken> sasToken() {
        return Optional.ofNullable(sasToken);
    }

    /** Whether the credential is a certificate, which is handed over apart: see {@link X509Identity}. */
    public boolean x509() {
        return key == null && sasToken == null;
    }

    /** The connection string with its secret, keywords in the usual order: for configuration files. */
    public String text() {
        return describe(key == null ? null : key.base64(), sasToken == null ? null : sasToken.text());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ConnectionString that && text().equals(that.text());
    }

    @Override
    public int hashCode() {
        return text().hashCode();
    }

    /** As {@link #text()}, the secret replaced by {@code …}. */
    @Override
    public String toString() {
        return describe(key == null ? null : "…", sasToken == null ? null : "…");
    }

    private String describe(@Nullable String keyText, @Nullable String tokenText) {
        StringBuilder out = new StringBuilder(HOST_NAME + "=" + hostName);
        append(out, DEVICE_ID, identity == null ? null : identity.deviceId());
        append(out, MODULE_ID, identity == null ? null : identity.moduleId().orElse(null));
        append(out, KEY_NAME, policyName);
        append(out, KEY, keyText);
        append(out, SIGNATURE, tokenText);
        append(out, X509, x509() ? "true" : null);
        append(out, GATEWAY, gatewayHostName);
        return out.toString();
    }

    private static void append(StringBuilder out, String keyword, @Nullable String value) {
        if (value != null) {
            out.append(';').append(keyword).append('=').append(value);
        }
    }

    private static KeywordList split(String text) {
        KeywordList elements = new KeywordList(text, KEYWORDS);
        if (elements.has(ENDPOINT)) {
            throw new InvalidInputException(
                    "connection string has Endpoint, so it is an Event Hubs one; wanted is HostName=…;…");
        }
        return elements;
    }

    private static ConnectionString device(KeywordList elements) {
        String host = host(elements);
        Element device = elements.require(DEVICE_ID, "wanted is HostName=…;DeviceId=…;SharedAccessKey=…");
        Identity identity = new Identity(
                device.checked(DeviceId::new),
                elements.find(MODULE_ID).map(m -> m.checked(ModuleId::new)).orElse(null));
        String gateway = elements.find(GATEWAY).map(HostNames::check).orElse(null);
        return withCredential(elements, host, gateway, identity);
    }

    private static ConnectionString service(KeywordList elements) {
        String host = host(elements);
        ConnectionString service = withCredential(elements, host, null, null);
        if (service.x509()) {
            throw new InvalidInputException("connection string of a policy has x509; certificates are for devices");
        }
        if (service.policyName == null) {
            throw new InvalidInputException("connection string has no " + KEY_NAME
                    + "; wanted is HostName=…;SharedAccessKeyName=…;SharedAccessKey=…");
        }
        return service;
    }

    private static ConnectionString withCredential(
            KeywordList elements, String host, @Nullable String gateway, @Nullable Identity identity) {
        boolean x509 = elements.find(X509).map(ConnectionString::isTrue).orElse(false);
        int credentials = (elements.has(KEY) ? 1 : 0) + (elements.has(SIGNATURE) ? 1 : 0) + (x509 ? 1 : 0);
        if (credentials != 1) {
            throw new InvalidInputException("connection string has " + (credentials == 0 ? "no" : "more than one")
                    + " credential; wanted is one of SharedAccessKey, SharedAccessSignature"
                    + (identity == null ? "" : ", x509=true"));
        }
        String policy = elements.find(KEY_NAME).map(PolicyNames::check).orElse(null);
        if (x509 && policy != null) {
            throw new InvalidInputException(
                    "connection string has x509 and SharedAccessKeyName; a certificate needs no policy");
        }
        SymmetricKey key =
                elements.find(KEY).map(k -> k.checked(SymmetricKey::ofBase64)).orElse(null);
        SasToken token =
                elements.find(SIGNATURE).map(s -> s.checked(SasToken::parse)).orElse(null);
        return new ConnectionString(host, gateway, identity, policyOf(elements, token, policy), key, token);
    }

    private static @Nullable String policyOf(KeywordList elements, @Nullable SasToken token, @Nullable String keyName) {
        String inToken = token == null
                ? null
                : elements.find(SIGNATURE)
                        .map(s -> PolicyNames.ofToken(s, token))
                        .orElse(null);
        if (inToken != null && keyName != null && !inToken.equals(keyName)) {
            throw new InvalidInputException("connection string has SharedAccessKeyName [" + keyName
                    + "], but its token names the policy [" + inToken + "]");
        }
        return keyName != null ? keyName : inToken;
    }

    private static boolean isTrue(Element x509) {
        if (x509.value().equalsIgnoreCase("true")) {
            return true;
        }
        if (x509.value().equalsIgnoreCase("false")) {
            return false;
        }
        throw x509.broken("wanted is true or false");
    }

    private static String host(KeywordList elements) {
        return HostNames.check(elements.require(HOST_NAME, "it names the hub, for example contoso.azure-devices.net"));
    }

    private static String checkHost(String hostName) {
        return HostNames.check(new Element(HOST_NAME, hostName, 1));
    }
}
