package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.Identity;
import java.util.List;

/**
 * Device and module identities, in the JSON of the service API (service-rest 2 and 3). A returned node is the caller's
 * own copy. Creating an identity makes its twin; deleting it removes twin, queue and modules and cuts its connection.
 */
public interface Registry {
    /**
     * An identity.
     *
     * @throws HubException 404001, 404010
     */
    ObjectNode get(Identity identity);

    /**
     * Makes keys where none are given.
     *
     * @throws HubException 409001, 409301, 400004, 413002, 413003, 404001
     */
    ObjectNode create(Identity identity, ObjectNode body);

    /**
     * Read-only members of the body are ignored.
     *
     * @throws HubException 404001, 404010, 412001, 400004
     */
    ObjectNode update(Identity identity, ObjectNode body, ETagMatch ifMatch);

    /**
     * Deletes an identity.
     *
     * @throws HubException 404001, 404010, 412001
     */
    void delete(Identity identity, ETagMatch ifMatch);

    /**
     * Devices, in order of id.
     *
     * @param top 1 to 1000; anything else means 1000
     */
    List<ObjectNode> list(int top);

    /**
     * Modules of a device.
     *
     * @throws HubException 404001
     */
    List<ObjectNode> modules(DeviceId device);

    /**
     * Bulk create, update and delete (service-rest 2.4).
     *
     * @return the answer's body; {@code isSuccessful} tells the HTTP status, 200 or 400
     * @throws HubException 400011, 400013
     */
    ObjectNode bulk(ArrayNode items);

    /**
     * Makes new keys for many identities (service-rest 2.5).
     *
     * @param body {@code {"policyKey","devices":[{"id","moduleId"}]}}
     * @return {@code {"policyKey","rotatedKeys":[…],"errors":[…]}}
     * @throws HubException 400035, 400036
     */
    ObjectNode regenerateKeys(ObjectNode body);

    /** Body of {@code GET /statistics/devices}. */
    ObjectNode deviceStatistics();

    /** Body of {@code GET /statistics/service}. */
    ObjectNode serviceStatistics();
}
