package io.hubwire.localhub;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.localhub.engine.Registry;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.json.Json;
import java.nio.charset.StandardCharsets;

/**
 * The device a new hub has, {@code device1}, so that there is something to connect as. Its keys are public by design:
 * what they are made of can be read here.
 */
final class ReadyMadeDevice {
    static final Identity IDENTITY = Identity.device("device1");

    private ReadyMadeDevice() {}

    /** Creates it, unless a store from an earlier run has it. */
    static void createIn(Registry registry) {
        ObjectNode body = Json.object();
        ObjectNode authentication = body.putObject("authentication").put("type", "sas");
        authentication
                .putObject("symmetricKey")
                .put("primaryKey", publicKey(1).base64())
                .put("secondaryKey", publicKey(2).base64());
        try {
            registry.create(IDENTITY, body);
        } catch (HubException e) {
            if (e.error() != HubError.DEVICE_ALREADY_EXISTS) {
                throw e;
            }
        }
    }

    private static SymmetricKey publicKey(int number) {
        String text = "hubwire public development key " + number + " of " + IDENTITY;
        return SymmetricKey.ofBytes(text.getBytes(StandardCharsets.US_ASCII));
    }
}
