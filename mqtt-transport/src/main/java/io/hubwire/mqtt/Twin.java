package io.hubwire.mqtt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.json.Json;

/**
 * A twin as its device sees it: no tags, no metadata. Source: mqtt-device 5.
 *
 * @param desired what the back end wants
 * @param reported what the device has said
 */
public record Twin(Section desired, Section reported) {
    /**
     * One half of a twin.
     *
     * @param version rises with each change, from 1
     * @param json the properties as a JSON object, without {@code $version}
     */
    public record Section(long version, String json) {
        /**
         * The properties as an object of the caller's.
         *
         * @param type a type that Jackson can read; members it does not know are an error unless it says otherwise
         * @throws RemoteProtocolException when they do not fit
         */
        public <T> T as(Class<T> type) {
            try {
                return Json.reader().forType(type).readValue(json);
            } catch (JsonProcessingException unfit) {
                throw new RemoteProtocolException(
                        "properties do not fit [" + type.getSimpleName() + "]: " + unfit.getOriginalMessage(), unfit);
            }
        }
    }

    /** Reads the body of a 200. @throws RemoteProtocolException when it is not what the hub sends */
    static Twin parse(byte[] body) {
        ObjectNode twin = Json.parseObject("twin", body);
        return new Twin(section(twin, "desired"), section(twin, "reported"));
    }

    private static Section section(ObjectNode twin, String name) {
        if (!(twin.get(name) instanceof ObjectNode properties)) {
            throw new RemoteProtocolException("twin has no object [" + name + "]");
        }
        if (!properties.path(DesiredUpdate.VERSION).canConvertToLong()) {
            throw new RemoteProtocolException("twin has no number [" + name + ".$version]");
        }
        long version = properties.path(DesiredUpdate.VERSION).longValue();
        properties.remove(DesiredUpdate.VERSION);
        return new Section(version, Json.write(properties));
    }
}
