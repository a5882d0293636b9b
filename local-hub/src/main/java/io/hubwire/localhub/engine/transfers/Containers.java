package io.hubwire.localhub.engine.transfers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.BlobAccess;
import io.hubwire.localhub.engine.BlobGate;
import io.hubwire.localhub.engine.BlobStore;
import io.hubwire.localhub.engine.BlobToken;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.localhub.engine.HubNames;
import io.hubwire.protocol.HubError;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.Optional;

/**
 * The one blob container that imports and exports may name, {@code https://{a name of this hub}[:port]/{@value #NAME}}. It
 * holds device keys, so only a token for this container opens it, to the hub no less than to the back end: the one in the
 * address that a job names. A job with {@code storageAuthenticationType} {@code identityBased} needs none, as the hub is let
 * into its own container.
 */
public final class Containers {
    /** The container; the first segment of its blobs' paths. */
    public static final String NAME = "registry";

    private static final int LARGEST = 64 << 20;
    private static final int LONGEST_NAME = 1024;

    private static final String CONFIGURATIONS = "configurations.txt";

    private final BlobStore blobs;
    private final HubNames names;
    private final BlobGate gate;

    /** The container of one hub. */
    public Containers(BlobStore blobs, HubNames names, BlobGate gate) {
        this.blobs = blobs;
        this.names = names;
        this.gate = gate;
    }

    /**
     * Its address with a token, as a job wants it.
     *
     * @param authority name and port by which the hub is reached
     * @param permissions {@code r} to read, {@code w} to write, {@code d} to delete
     */
    public String address(String authority, Instant expiry, String permissions) {
        return "https://" + authority + "/" + NAME
                + gate.grant(NAME, expiry, permissions).query();
    }

    /**
     * Whether a token opens a blob of the container.
     *
     * @param permission {@code r}, {@code w} or {@code d}
     */
    public BlobAccess access(String blob, BlobToken token, char permission) {
        return gate.judge(NAME, token, permission);
    }

    /** Whether a member of a job's request is an address of this container. Its token is not looked at. */
    boolean isNamedBy(ObjectNode request, String member) {
        return address(request, member)
                .filter(uri -> uri.getHost() != null
                        && names.answersTo(uri.getHost())
                        && uri.getPath() != null
                        && uri.getPath().replaceAll("^/+|/+$", "").equals(NAME))
                .isPresent();
    }

    /** Whether a job may use the container that a member of its request names. */
    boolean opensTo(ObjectNode request, String member, char permission) {
        if (!isNamedBy(request, member)) {
            return false;
        }
        if (request.path("storageAuthenticationType").asText().equalsIgnoreCase("identityBased")) {
            return true;
        }
        String query = address(request, member).map(URI::getRawQuery).orElse("");
        return gate.judge(NAME, BlobToken.ofQuery(query), permission) == BlobAccess.GRANTED;
    }

    private static Optional<URI> address(ObjectNode request, String member) {
        try {
            return Optional.of(new URI(request.path(member).asText()));
        } catch (URISyntaxException notAnAddress) {
            return Optional.empty();
        }
    }

    /**
     * The blob that a member of a job's request names, or what it is called otherwise.
     *
     * @throws HubException 400004 when no blob can have that name
     */
    static String blobName(ObjectNode request, String member, String otherwise) {
        JsonNode value = request.path(member);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        String name = value.asText();
        if (!value.isTextual()
                || name.isEmpty()
                || name.length() > LONGEST_NAME
                || name.chars().anyMatch(Character::isISOControl)) {
            throw new HubException(
                    HubError.ARGUMENT_INVALID,
                    member + " must be a text of 1 to " + LONGEST_NAME + " characters, none a control character");
        }
        return name;
    }

    /** The blob of configurations, by its name in the request or the usual one. */
    static String configurationsBlob(ObjectNode request) {
        return blobName(request, "configurationsBlobName", CONFIGURATIONS);
    }

    /**
     * A whole blob; empty when it is not there.
     *
     * @throws HubException 400008 when it has more than 64 MiB
     */
    Optional<byte[]> read(String name) {
        blobs.properties(NAME + "/" + name)
                .filter(found -> found.length() > LARGEST)
                .ifPresent(found -> {
                    throw new HubException(
                            HubError.BLOB_CONTAINER_VALIDATION_ERROR,
                            "blob [" + name + "] has " + found.length() + " bytes; at most " + LARGEST
                                    + " are imported at once, split it");
                });
        return blobs.read(NAME + "/" + name, 0, LARGEST).map(BlobStore.Content::bytes);
    }

    /** @throws BlobStore.Full when there is no room */
    void write(String name, byte[] content) {
        blobs.put(NAME + "/" + name, content, "text/plain; charset=utf-8", null);
    }
}
