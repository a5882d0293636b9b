package io.hubwire.cli.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.Identity;
import java.util.List;

/** Where a file is imported into: a hub behind the network, or the engine of one that just starts. */
public interface RegistryTarget {
    /**
     * One entry that was not carried out.
     *
     * @param code a name such as {@code DeviceAlreadyExists}, or a number, as the hub gave it
     * @param reason for people
     */
    record Refusal(Identity identity, String code, String reason) {
        /** Whether creating failed since the identity is there already. Source: open-questions 33, for the numbers. */
        boolean isThereAlready() {
            return code.endsWith("AlreadyExists")
                    || code.endsWith("AlreadyExistsOnDevice")
                    || code.equals("409001")
                    || code.equals("409301");
        }
    }

    /**
     * Carries out up to 100 entries, each by itself.
     *
     * @return what was not done
     * @throws io.hubwire.protocol.HubwireException when the call as a whole failed
     */
    List<Refusal> bulk(List<ObjectNode> entries);

    /**
     * Creates or replaces an enrollment.
     *
     * @throws io.hubwire.protocol.HubwireException when it was refused
     */
    void enroll(boolean group, ObjectNode document);
}
