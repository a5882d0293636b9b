package io.hubwire.mqtt;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.json.Json;

/**
 * News of the desired properties. Versions only ever rise from one update to the next, except when the twin was made
 * anew.
 *
 * @param version of the desired properties with this update
 * @param json a JSON object without {@code $version}: with {@code complete} all desired properties, else those that
 *     changed, null meaning removed
 * @param complete whether this is everything, as after each connect and after a gap, so that what is missing is gone
 */
public record DesiredUpdate(long version, String json, boolean complete) {
    static final String VERSION = "$version";

    /** Reads a patch that the hub published. @throws RemoteProtocolException when the body is no JSON object */
    static DesiredUpdate patch(long version, byte[] body) {
        ObjectNode patch = Json.parseObject("desired properties", body);
        patch.remove(VERSION);
        return new DesiredUpdate(version, Json.write(patch), false);
    }
}
