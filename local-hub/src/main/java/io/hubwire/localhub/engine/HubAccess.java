package io.hubwire.localhub.engine;

import io.hubwire.auth.Audience;
import io.hubwire.auth.AudienceRule;
import io.hubwire.auth.SasToken;
import io.hubwire.auth.SasVerifier;
import io.hubwire.auth.SasVerifier.Outcome;
import io.hubwire.auth.SasVerifier.Verdict;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The rules of sas-auth 3 to 5 and 8 over the registry's keys and the hub's policies. Holds no lock and no state. */
final class HubAccess implements AccessControl {
    private final HubNames names;
    private final Map<String, SharedAccessPolicy> policies;
    private final Identities identities;
    private final CertificateAuthorities authorities;
    private final SasVerifier verifier;
    private final Clock clock;

    HubAccess(EngineOptions options, Identities identities, CertificateAuthorities authorities, Clock clock) {
        this.names = options.names();
        this.policies = options.policies().stream()
                .collect(Collectors.toUnmodifiableMap(SharedAccessPolicy::name, Function.identity()));
        this.identities = identities;
        this.authorities = authorities;
        this.verifier = new SasVerifier(options.clockSkew());
        this.clock = clock;
    }

    @Override
    public DeviceAccess device(Identity identity, Credentials credentials) {
        StoredIdentity stored = identities.require(identity);
        requireEnabled(identity.isModule() ? identities.require(new Identity(identity.device(), null)) : stored);
        if (credentials instanceof Credentials.Sas sas) {
            return byToken(stored, sas.token());
        }
        if (credentials instanceof Credentials.Certificate certificate) {
            return byCertificate(stored, certificate.chain());
        }
        throw refused(identity, "neither a token nor a client certificate was presented");
    }

    @Override
    public ServiceAccess service(String text) {
        SasToken token;
        try {
            token = SasToken.parse(text);
        } catch (InvalidInputException e) {
            throw unauthorized("the token cannot be read: " + e.getMessage());
        }
        SharedAccessPolicy policy =
                token.policy().map(this::policy).orElseThrow(() -> unauthorized("the token names no policy (skn)"));
        AudienceRule rule = AudienceRule.ofHost(names::answersTo);
        Verdict verdict = verifier.verify(token, rule, keys(policy), clock.instant());
        if (verdict.audience().map(this::isEventHub).orElse(false)) {
            verdict = verifier.verify(token, rule, eventHubKeys(policy), clock.instant());
        }
        if (verdict.outcome() == Outcome.EXPIRED) {
            throw new HubException(HubError.IOT_HUB_UNAUTHORIZED, verdict.detail());
        }
        if (!verdict.isOk()) {
            throw unauthorized(verdict.detail());
        }
        return new ServiceAccess(
                policy.name(), policy.rights(), normalized(verdict.audience().orElseThrow()), token.expiry());
    }

    @Override
    public ServiceAccess serviceByKey(String name, String key) {
        SharedAccessPolicy policy = policy(name);
        SymmetricKey presented;
        try {
            presented = SymmetricKey.ofBase64(key);
        } catch (InvalidInputException e) {
            throw unauthorized("the key of policy '" + name + "' cannot be read: " + e.getMessage());
        }
        boolean primary = policy.primaryKey().equals(presented);
        boolean secondary = policy.secondaryKey().equals(presented); // looked at in any case, in constant time
        if (!primary && !secondary) {
            throw unauthorized("the key does not fit policy '" + name + "'");
        }
        return new ServiceAccess(policy.name(), policy.rights(), names.primaryHost(), SasToken.MAX_EXPIRY);
    }

    private DeviceAccess byToken(StoredIdentity stored, String text) {
        Identity identity = stored.identity();
        SasToken token;
        try {
            token = SasToken.parse(text);
        } catch (InvalidInputException e) {
            throw refused(identity, "the token cannot be read: " + e.getMessage());
        }
        Optional<String> policyName = token.policy();
        AudienceRule rule;
        List<SymmetricKey> keys;
        if (policyName.isPresent()) {
            SharedAccessPolicy policy = policies.get(policyName.get());
            if (policy == null) {
                throw refused(identity, "the hub has no policy '" + policyName.get() + "'");
            }
            if (!policy.rights().contains(Right.DEVICE_CONNECT)) {
                throw refused(identity, "policy '" + policy.name() + "' does not allow DeviceConnect");
            }
            rule = AudienceRule.ofPolicy(names::answersTo, identity.resource());
            keys = keys(policy);
        } else {
            rule = AudienceRule.ofIdentity(names::answersTo, identity);
            keys = keys(stored);
        }
        Verdict verdict = verifier.verify(token, rule, keys, clock.instant());
        if (!verdict.isOk()) {
            throw refused(identity, verdict.detail());
        }
        String scope = policyName.isPresent() ? "hub" : identity.isModule() ? "module" : "device";
        return new DeviceAccess(identity, authMethod(scope, "sas"), stored.generationId(), token.expiry());
    }

    private DeviceAccess byCertificate(StoredIdentity stored, List<X509Certificate> chain) {
        Identity identity = stored.identity();
        switch (stored.authentication().type()) {
            case SELF_SIGNED -> requireThumbprint(stored, chain.get(0));
            case CERTIFICATE_AUTHORITY -> requireIssuer(identity, chain);
            default ->
                throw refused(
                        identity,
                        "a client certificate was presented, but the identity authenticates by "
                                + stored.authentication().type().wireName());
        }
        String scope = identity.isModule() ? "module" : "device";
        return new DeviceAccess(identity, authMethod(scope, "x509"), stored.generationId(), null);
    }

    private static void requireThumbprint(StoredIdentity stored, X509Certificate leaf) {
        Authentication authentication = stored.authentication();
        List<String> thumbprints = Thumbprints.of(leaf);
        if (thumbprints.stream()
                .noneMatch(t -> t.equals(authentication.primaryThumbprint())
                        || t.equals(authentication.secondaryThumbprint()))) {
            throw refused(
                    stored.identity(),
                    "Thumbprint does not match: the certificate's are " + String.join(", ", thumbprints));
        }
    }

    /** A device's common name is its id, a module's {@code deviceId/moduleId}; case counts. Source: sas-auth 8. */
    private void requireIssuer(Identity identity, List<X509Certificate> chain) {
        X509Certificate leaf = chain.get(0);
        String name = Certificates.commonName(leaf).orElse("");
        if (!name.equals(identity.clientId())) {
            throw refused(identity, "the certificate is for [" + name + "], not for [" + identity.clientId() + "]");
        }
        if (!Certificates.isValidAt(leaf, clock.instant())) {
            throw refused(
                    identity,
                    "the certificate is good from " + leaf.getNotBefore().toInstant() + " to "
                            + leaf.getNotAfter().toInstant());
        }
        if (Certificates.anchorOf(chain, authorities.all().values(), clock.instant())
                .isEmpty()) {
            throw refused(identity, "the certificate's chain leads to no authority of this hub");
        }
    }

    private static void requireEnabled(StoredIdentity device) {
        if (!device.enabled()) {
            String reason = device.statusReason();
            throw new HubException(
                    HubError.DEVICE_DISABLED,
                    "Device '" + device.identity() + "' is disabled" + (reason == null ? "" : ": " + reason));
        }
    }

    private static List<SymmetricKey> keys(StoredIdentity stored) {
        Authentication authentication = stored.authentication();
        List<SymmetricKey> keys = Stream.of(authentication.primaryKey(), authentication.secondaryKey())
                .filter(Objects::nonNull)
                .toList();
        if (keys.isEmpty()) {
            throw refused(
                    stored.identity(),
                    "a token was presented, but the identity authenticates by "
                            + authentication.type().wireName());
        }
        return keys;
    }

    /** The built-in endpoint is an event hub, where keys sign otherwise than at the hub. */
    private boolean isEventHub(Audience audience) {
        return "sb".equals(audience.scheme())
                || !audience.path().isEmpty() && audience.path().get(0).equalsIgnoreCase(names.eventEntity());
    }

    private static List<SymmetricKey> eventHubKeys(SharedAccessPolicy policy) {
        return keys(policy).stream().map(SymmetricKey::forEventHubs).toList();
    }

    private static List<SymmetricKey> keys(SharedAccessPolicy policy) {
        return List.of(policy.primaryKey(), policy.secondaryKey());
    }

    private SharedAccessPolicy policy(String name) {
        SharedAccessPolicy policy = policies.get(name);
        if (policy == null) {
            throw unauthorized("the hub has no policy '" + name + "'");
        }
        return policy;
    }

    private static String normalized(Audience audience) {
        return String.join(
                "/",
                Stream.concat(Stream.of(audience.host().toLowerCase(Locale.ROOT)), audience.path().stream())
                        .toList());
    }

    /** Value of {@code iothub-connection-auth-method}. Source: amqp 4.5. */
    private static String authMethod(String scope, String type) {
        return "{\"scope\":\"" + scope + "\",\"type\":\"" + type
                + "\",\"issuer\":\"iothub\",\"acceptingIpFilterRule\":null}";
    }

    private static HubException refused(Identity identity, String why) {
        return new HubException(HubError.IOT_HUB_UNAUTHORIZED, "Authentication failed for '" + identity + "': " + why);
    }

    private static HubException unauthorized(String why) {
        return new HubException(HubError.IOT_HUB_UNAUTHORIZED_ACCESS, "Unauthorized: " + why);
    }
}
