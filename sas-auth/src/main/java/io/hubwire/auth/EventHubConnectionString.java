package io.hubwire.auth;

import io.hubwire.auth.KeywordList.Element;
import io.hubwire.protocol.InvalidInputException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a hub's events are read: {@code Endpoint=sb://{namespace}/;SharedAccessKeyName=…;SharedAccessKey=…;EntityPath=…}, the
 * Event Hubs compatible connection string of the built-in endpoint. Same rules as {@link ConnectionString}. Source: amqp 4.6.
 */
public final class EventHubConnectionString {
    private static final String ENDPOINT = "Endpoint";
    private static final String ENTITY_PATH = "EntityPath";
    private static final String KEY_NAME = "SharedAccessKeyName";
    private static final String KEY = "SharedAccessKey";
    private static final String SIGNATURE = "SharedAccessSignature";
    private static final String EMULATOR = "UseDevelopmentEmulator";
    private static final List<String> KEYWORDS =
            List.of(ENDPOINT, ENTITY_PATH, KEY_NAME, KEY, SIGNATURE, EMULATOR, "HostName");
    private static final Pattern ENDPOINT_FORM = Pattern.compile("(?i)(?:sb|amqps?)://([^/:]+)(?::([0-9]{1,5}))?/?");
    private static final int MAX_PORT = 65_535;

    private final String hostName;
    private final @Nullable Integer port;
    private final String entityPath;
    private final @Nullable String policyName;
    private final @Nullable SymmetricKey key;
    private final @Nullable SasToken sasToken;
    private final boolean plainText;

    private EventHubConnectionString(
            String hostName,
            @Nullable Integer port,
            String entityPath,
            @Nullable String policyName,
            @Nullable SymmetricKey key,
            @Nullable SasToken sasToken,
            boolean plainText) {
        this.hostName = hostName;
        this.port = port;
        this.entityPath = entityPath;
        this.policyName = policyName;
        this.key = key;
        this.sasToken = sasToken;
        this.plainText = plainText;
    }

    /** The connection string of a policy at the built-in endpoint. @throws InvalidInputException on an illegal host or name */
    public static EventHubConnectionString of(String hostName, String entityPath, String policyName, SymmetricKey key) {
        String host = HostNames.check(new Element(ENDPOINT, hostName, 1));
        String policy = PolicyNames.check(new Element(KEY_NAME, policyName, 1));
        return new EventHubConnectionString(host, null, entityPath, policy, key, null, false);
    }

    /**
     * Reads it.
     *
     * @throws InvalidInputException naming keyword, position and rule; a key or token never shows
     */
    public static EventHubConnectionString parse(String text) {
        KeywordList elements = new KeywordList(text, KEYWORDS);
        if (elements.has("HostName") && !elements.has(ENDPOINT)) {
            throw new InvalidInputException(
                    "connection string has HostName, so it is an IoT Hub one; wanted is the Event Hubs"
                            + " compatible Endpoint=sb://…;SharedAccessKeyName=…;SharedAccessKey=…;EntityPath=…");
        }
        Element endpoint = elements.require(ENDPOINT, "wanted is Endpoint=sb://…/;…");
        Matcher form = ENDPOINT_FORM.matcher(endpoint.value());
        if (!form.matches()) {
            throw endpoint.broken("wanted is sb://host/ or sb://host:port/");
        }
        String host = HostNames.check(new Element(ENDPOINT, form.group(1), endpoint.position() + form.start(1)));
        String policy = elements.find(KEY_NAME).map(PolicyNames::check).orElse(null);
        if (elements.has(KEY) == elements.has(SIGNATURE)) {
            throw new InvalidInputException(
                    "connection string has " + (elements.has(KEY) ? "two credentials" : "no credential")
                            + "; wanted is one of SharedAccessKey, SharedAccessSignature");
        }
        if (elements.has(KEY) && policy == null) {
            throw new InvalidInputException("connection string has no SharedAccessKeyName to its SharedAccessKey");
        }
        SasToken token =
                elements.find(SIGNATURE).map(s -> s.checked(SasToken::parse)).orElse(null);
        return new EventHubConnectionString(
                host,
                port(endpoint, form.group(2)),
                elements.require(ENTITY_PATH, "it names the event hub").value(),
                policy == null && token != null
                        ? elements.find(SIGNATURE)
                                .map(s -> PolicyNames.ofToken(s, token))
                                .orElse(null)
                        : policy,
                elements.find(KEY).map(k -> k.checked(SymmetricKey::ofBase64)).orElse(null),
                token,
                elements.find(EMULATOR)
                        .map(e -> e.value().toLowerCase(Locale.ROOT).equals("true"))
                        .orElse(false));
    }

    /** The endpoint's host, case kept. */
    public String hostName() {
        return hostName;
    }

    /** The port, when the endpoint names one: 1 to 65535. */
    public OptionalInt port() {
        return port == null ? OptionalInt.empty() : OptionalInt.of(port);
    }

    /** The name of the event hub. */
    public String entityPath() {
        return entityPath;
    }

    /** The policy whose key or token this is; a token may name none. */
    public Optional<String> policyName() {
        return Optional.ofNullable(policyName);
    }

    /** The key, when that is the credential. */
    public Optional<SymmetricKey> key() {
        return Optional.ofNullable(key);
    }

    /** The ready-made token, when that is the credential. */
    public Optional<SasToken> sasToken() {
        return Optional.ofNullable(sasToken);
    }

    /** Whether {@code UseDevelopmentEmulator=true} asks for TCP without TLS, usually on port 5672. */
    public boolean plainText() {
        return plainText;
    }

    /** What a token for it names: {@code sb://host/entity}, unencoded and without port. */
    public String audience() {
        return "sb://" + hostName + "/" + entityPath;
    }

    /** The connection string with its secret: for configuration files. */
    public String text() {
        return describe(key == null ? null : key.base64(), sasToken == null ? null : sasToken.text());
    }

    /** As {@link #text()}, the secret replaced by {@code …}. */
    @Override
    public String toString() {
        return describe(key == null ? null : "…", sasToken == null ? null : "…");
    }

    private String describe(@Nullable String keyText, @Nullable String tokenText) {
        return ENDPOINT + "=sb://" + hostName + (port == null ? "" : ":" + port) + "/"
                + element(KEY_NAME, policyName)
                + element(KEY, keyText)
                + element(SIGNATURE, tokenText)
                + element(EMULATOR, plainText ? "true" : null)
                + element(ENTITY_PATH, entityPath);
    }

    private static String element(String keyword, @Nullable String value) {
        return value == null ? "" : ";" + keyword + "=" + value;
    }

    private static @Nullable Integer port(Element endpoint, @Nullable String digits) {
        if (digits == null) {
            return null;
        }
        int port = Integer.parseInt(digits);
        if (port < 1 || port > MAX_PORT) {
            throw endpoint.broken("port [" + port + "] is not within 1 to " + MAX_PORT);
        }
        return port;
    }
}
