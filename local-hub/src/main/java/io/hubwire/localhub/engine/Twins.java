package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.Identity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Twins of devices and modules: merge, {@code $version}, {@code $metadata}, limits (service-rest 5, mqtt-device 5). A
 * change of desired properties is pushed to the identity's session, if there is one, after it is stored.
 */
public interface Twins {
    /** Whose twins. */
    enum Kind {
        DEVICE,
        MODULE
    }

    /**
     * A page of twins in the back end's view, in order of id. Pages follow each other without gap or repetition whatever
     * comes or goes meanwhile; the first empty one is the end.
     *
     * @param after id of the last twin of the page before, {@code device} or {@code device/module}; null for the first page
     * @param limit at least 1
     */
    List<ObjectNode> list(Kind kind, @Nullable String after, int limit);

    /**
     * The back end's view.
     *
     * @throws HubException 404001, 404010
     */
    ObjectNode get(Identity identity);

    /**
     * Merges {@code tags} and {@code properties.desired}.
     *
     * @throws HubException 404001, 412001, 400004
     */
    ObjectNode patch(Identity identity, ObjectNode body, ETagMatch ifMatch);

    /**
     * Replaces {@code tags} and {@code properties.desired}.
     *
     * @throws HubException 404001, 412001, 400004
     */
    ObjectNode replace(Identity identity, ObjectNode body, ETagMatch ifMatch);

    /**
     * The device's view: {@code {"desired":{…,"$version"},"reported":{…,"$version"}}}.
     *
     * @throws HubException 404001
     */
    ObjectNode deviceView(Identity identity);

    /**
     * Merges a device's reported properties.
     *
     * @param baseVersion the {@code $version} of the request's topic, or null for no check
     * @return the new {@code $version} of reported
     * @throws HubException 400004, 412001, 404001
     */
    long report(Identity identity, JsonNode patch, @Nullable Long baseVersion);

    /**
     * Notes which configurations are for a device and how they stand, shown as {@code configurations}. It is no change of the
     * twin's own: its versions and its etag stay.
     *
     * @param configurations {@code {"status"}} by id; empty for none
     * @throws HubException 404001, 404010
     */
    void configurations(Identity identity, ObjectNode configurations);

    /** Notes the model id of a connection, shown as {@code modelId}; null clears nothing. */
    void modelId(Identity identity, @Nullable String modelId);
}
