package io.hubwire.container;

import io.hubwire.auth.SymmetricKey;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A key pair for each policy of a hub and its DPS, made for one container and known to nobody else. */
final class PolicyKeys {
    /** The policy of the DPS. */
    static final String DPS_POLICY = "provisioningserviceowner";

    /** The policies of a new hub and of its DPS. */
    static final List<String> POLICIES =
            List.of("iothubowner", "service", "device", "registryRead", "registryReadWrite", DPS_POLICY);

    private record Pair(SymmetricKey primary, SymmetricKey secondary) {}

    private final Map<String, Pair> pairs = new LinkedHashMap<>();

    PolicyKeys(SecureRandom random) {
        for (String policy : POLICIES) {
            pairs.put(policy, new Pair(SymmetricKey.generate(random), SymmetricKey.generate(random)));
        }
    }

    /** @throws IllegalArgumentException when there is no such policy */
    SymmetricKey primary(String policy) {
        Pair pair = pairs.get(policy);
        if (pair == null) {
            throw new IllegalArgumentException("the hub has no policy [" + policy + "], only " + POLICIES);
        }
        return pair.primary();
    }

    /** As {@code hubwire hub start --own-keys} and the extension's {@code HUBWIRE_KEYS_FILE} read it. */
    String json() {
        return pairs.entrySet().stream()
                .map(entry -> "\"%s\":{\"primaryKey\":\"%s\",\"secondaryKey\":\"%s\"}"
                        .formatted(
                                entry.getKey(),
                                entry.getValue().primary().base64(),
                                entry.getValue().secondary().base64()))
                .collect(Collectors.joining(",", "{", "}"));
    }

    @Override
    public String toString() {
        return "keys of " + POLICIES;
    }
}
