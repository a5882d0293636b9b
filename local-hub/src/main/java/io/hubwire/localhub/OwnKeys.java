package io.hubwire.localhub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.localhub.engine.SharedAccessPolicy;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.TransportException;
import io.hubwire.protocol.json.Json;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Keys of the hub's and the DPS's policies that are nobody else's: {@code {"iothubowner":{"primaryKey","secondaryKey"},…}},
 * with each of the policies a new hub has. {@code hubwire hub start --own-keys generate} makes such a file.
 *
 * @param hub the hub's policies
 * @param dps those of its DPS
 */
public record OwnKeys(List<SharedAccessPolicy> hub, List<SharedAccessPolicy> dps) {
    public OwnKeys {
        hub = List.copyOf(hub);
        dps = List.copyOf(dps);
    }

    /** New ones. */
    public static OwnKeys generate(SecureRandom random) {
        return of(policy -> new SharedAccessPolicy(
                policy.name(), policy.rights(), SymmetricKey.generate(random), SymmetricKey.generate(random)));
    }

    /**
     * Those of a file.
     *
     * @throws TransportException STORAGE_FAILED when it cannot be read
     * @throws InvalidInputException when it is no JSON object, or a policy or key is missing, malformed or public; never
     *     shows a key
     */
    public static OwnKeys read(Path file) {
        ObjectNode document;
        try {
            document = Json.parseObject("own keys [" + file + "]", Files.readString(file));
        } catch (IOException e) {
            throw new TransportException(
                    ErrorCode.STORAGE_FAILED, "own keys [" + file + "] cannot be read: " + why(e), e);
        } catch (RemoteProtocolException notJson) {
            throw new InvalidInputException("own keys [" + file
                    + "] is no JSON object; 'hubwire hub start --own-keys generate' shows what one looks like");
        }
        return of(policy -> new SharedAccessPolicy(
                policy.name(),
                policy.rights(),
                key(file, document, policy, "primaryKey"),
                key(file, document, policy, "secondaryKey")));
    }

    private static String why(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file";
        }
        if (e instanceof AccessDeniedException) {
            return "this user may not";
        }
        return e instanceof CharacterCodingException ? "it is not text in UTF-8" : String.valueOf(e.getMessage());
    }

    /** As {@link #read} reads it. */
    public ObjectNode json() {
        ObjectNode document = Json.object();
        Stream.concat(hub.stream(), dps.stream()).forEach(policy -> document.putObject(policy.name())
                .put("primaryKey", policy.primaryKey().base64())
                .put("secondaryKey", policy.secondaryKey().base64()));
        return document;
    }

    private static SymmetricKey key(Path file, JsonNode document, SharedAccessPolicy policy, String which) {
        String where = "own keys [" + file + "]: " + which + " of policy [" + policy.name() + "] ";
        String text = document.path(policy.name()).path(which).asText("");
        if (text.isEmpty()) {
            throw new InvalidInputException(where + "is missing; every policy has both keys");
        }
        SymmetricKey key;
        try {
            key = SymmetricKey.ofBase64(text);
        } catch (InvalidInputException broken) {
            throw new InvalidInputException(where + "is no key: " + broken.getMessage(), broken);
        }
        if (key.equals(policy.primaryKey()) || key.equals(policy.secondaryKey())) {
            throw new InvalidInputException(where + "is a public development key; keys of your own are needed");
        }
        return key;
    }

    private static OwnKeys of(Function<SharedAccessPolicy, SharedAccessPolicy> rekeyed) {
        return new OwnKeys(
                SharedAccessPolicy.defaults().stream().map(rekeyed).toList(),
                SharedAccessPolicy.dpsDefaults().stream().map(rekeyed).toList());
    }
}
