package io.hubwire.protocol.mqtt;

import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.Malformed;
import io.hubwire.protocol.ModuleId;
import io.hubwire.protocol.RemoteProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * The user name of a CONNECT to a hub, {@code {host}/{d}[/{m}]/?api-version=…[&DeviceClientType=…][&model-id=…]}. Ids
 * are never percent-encoded, parameter values always. Source: "Communicate with IoT Hub using MQTT", section on using
 * the MQTT protocol directly; mqtt-device 1.3.
 *
 * @param host the hub's own name, even when the connection goes to a gateway; as given, possibly with a port
 * @param identity who connects
 * @param apiVersion for example {@value #API_VERSION}; null when absent: the hub lets such a device connect, but answers
 *     400 to its twin patches
 * @param clientType what the device says about its software, or null
 * @param modelId Plug and Play model, {@code dtmi:…}, or null; needs API version 2020-09-30 or later
 * @param authChain nested Edge devices only, {@code leaf;edge1;edge2}, or null
 */
public record MqttUserName(
        String host,
        Identity identity,
        @Nullable String apiVersion,
        @Nullable String clientType,
        @Nullable String modelId,
        @Nullable String authChain) {
    /** The version our client speaks. */
    public static final String API_VERSION = "2021-04-12";

    private static final String CLIENT_TYPE = "DeviceClientType";
    private static final String MODEL_ID = "model-id";
    private static final String AUTH_CHAIN = "auth-chain";
    private static final String WHAT = "user name";

    public MqttUserName {
        if (host.isEmpty() || host.indexOf('/') >= 0) {
            throw new InvalidInputException("host name [" + host + "] must be a name without '/'");
        }
    }

    /** With {@value #API_VERSION} and nothing else. */
    public static MqttUserName of(String host, Identity identity) {
        return new MqttUserName(host, identity, API_VERSION, null, null, null);
    }

    /** A copy that tells about the software. */
    public MqttUserName withClientType(@Nullable String text) {
        return new MqttUserName(host, identity, apiVersion, text, modelId, authChain);
    }

    /** A copy that names a Plug and Play model. */
    public MqttUserName withModelId(@Nullable String dtmi) {
        return new MqttUserName(host, identity, apiVersion, clientType, dtmi, authChain);
    }

    public String format() {
        String parameters = new UserNameParameters()
                .put(UserNameParameters.API_VERSION, apiVersion)
                .put(CLIENT_TYPE, clientType)
                .put(MODEL_ID, modelId)
                .put(AUTH_CHAIN, authChain)
                .format();
        return host + "/" + identity.clientId() + "/" + (parameters.isEmpty() ? "" : "?" + parameters);
    }

    /**
     * Reads the user name of a CONNECT: the hub's side. Also takes the forms of before 2018 without {@code ?} and without
     * parameters; the order of parameters is free, the first of equal names counts, unknown ones are ignored.
     *
     * @throws RemoteProtocolException when it has too few or too many levels, or an id breaks its rule
     */
    public static MqttUserName parse(String text) {
        String[] levels = text.split("/", -1);
        String last = levels[levels.length - 1];
        boolean bare = !last.isEmpty() && !last.startsWith("?") && !last.contains(UserNameParameters.API_VERSION + "=");
        int ids = levels.length - (bare ? 1 : 2);
        if (levels.length == 2 && last.contains("?" + UserNameParameters.API_VERSION + "=")) {
            throw Malformed.at(WHAT, text, text.indexOf('?'), "'?' is a legal character of ids; write /? behind them");
        }
        if (ids < 1 || ids > 2) {
            throw Malformed.whole(WHAT, text, "it must read host/device/?parameters or host/device/module/?parameters");
        }
        UserNameParameters parameters =
                UserNameParameters.parse(bare ? "" : last.startsWith("?") ? last.substring(1) : last);
        try {
            Identity identity = new Identity(new DeviceId(levels[1]), ids == 2 ? new ModuleId(levels[2]) : null);
            return new MqttUserName(
                    levels[0],
                    identity,
                    parameters.get(UserNameParameters.API_VERSION),
                    parameters.get(CLIENT_TYPE),
                    parameters.get(MODEL_ID),
                    parameters.get(AUTH_CHAIN));
        } catch (InvalidInputException e) {
            throw Malformed.because(WHAT, text, e);
        }
    }
}
