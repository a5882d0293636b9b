package io.hubwire.localhub.engine.transfers;

import io.hubwire.localhub.engine.BlobStore;
import io.hubwire.localhub.engine.HubNames;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/**
 * The blob containers that imports and exports may name: {@code https://{a name of this hub}[:port]/{@value #NAME}}, and
 * folders in it. A token in the address is not looked at, as the back end's own token lets it read and write there.
 */
public final class Containers {
    /** The container; blobs in it are read and written by back ends with registry rights. */
    public static final String NAME = "registry";

    private static final int LARGEST = 64 << 20;

    private final BlobStore blobs;
    private final HubNames names;

    /** Containers of one hub. */
    public Containers(BlobStore blobs, HubNames names) {
        this.blobs = blobs;
        this.names = names;
    }

    /**
     * Where an address leads in the blob store.
     *
     * @return empty when it is no container of this hub
     */
    Optional<String> folder(String address) {
        try {
            URI uri = new URI(address);
            String path = uri.getPath() == null ? "" : uri.getPath().replaceAll("^/+|/+$", "");
            boolean ours = uri.getHost() != null
                    && names.answersTo(uri.getHost())
                    && (path.equals(NAME) || path.startsWith(NAME + "/"));
            return ours ? Optional.of(path) : Optional.empty();
        } catch (URISyntaxException notAnAddress) {
            return Optional.empty();
        }
    }

    /** A whole blob, {@code registry/devices.txt}; empty when it is not there. */
    public Optional<byte[]> read(String blob) {
        return blobs.read(blob, 0, LARGEST).map(BlobStore.Content::bytes);
    }

    /** @throws BlobStore.Full when there is no room */
    public void write(String blob, byte[] content) {
        blobs.put(blob, content, "text/plain; charset=utf-8", null);
    }
}
