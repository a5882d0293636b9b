package io.hubwire.localhub.engine;

import static io.hubwire.localhub.engine.AccessControl.Right.DEVICE_CONNECT;
import static io.hubwire.localhub.engine.AccessControl.Right.REGISTRY_READ;
import static io.hubwire.localhub.engine.AccessControl.Right.REGISTRY_WRITE;
import static io.hubwire.localhub.engine.AccessControl.Right.SERVICE_CONNECT;

import io.hubwire.auth.SymmetricKey;
import io.hubwire.localhub.engine.AccessControl.Right;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A name whose keys grant rights. The default policies of the local hub have fixed keys that anyone can read here: they
 * are public by design, like those of other emulators, which is why the hub listens on loopback only unless it is given
 * keys of one's own. Source: sas-auth 4.
 *
 * @param rights what a token signed with either key may do
 */
public record SharedAccessPolicy(String name, Set<Right> rights, SymmetricKey primaryKey, SymmetricKey secondaryKey) {
    public SharedAccessPolicy {
        rights = Set.copyOf(rights);
    }

    /** The five policies a new hub has, with the public development keys. */
    public static List<SharedAccessPolicy> defaults() {
        return List.of(
                publicByDesign("iothubowner", EnumSet.allOf(Right.class)),
                publicByDesign("service", EnumSet.of(SERVICE_CONNECT)),
                publicByDesign("device", EnumSet.of(DEVICE_CONNECT)),
                publicByDesign("registryRead", EnumSet.of(REGISTRY_READ)),
                publicByDesign("registryReadWrite", EnumSet.of(REGISTRY_READ, REGISTRY_WRITE)));
    }

    /** The one policy a new DPS has, with the public development key. */
    public static List<SharedAccessPolicy> dpsDefaults() {
        return List.of(publicByDesign("provisioningserviceowner", EnumSet.allOf(Right.class)));
    }

    /** Keys that say what they are: their 32 bytes read "hubwire public development key" and the policy. */
    private static SharedAccessPolicy publicByDesign(String name, Set<Right> rights) {
        return new SharedAccessPolicy(name, rights, developmentKey(name, 1), developmentKey(name, 2));
    }

    private static SymmetricKey developmentKey(String policy, int number) {
        String text = "hubwire public development key " + number + " of " + policy;
        return SymmetricKey.ofBytes(text.getBytes(StandardCharsets.US_ASCII));
    }
}
