package io.hubwire.protocol.mqtt;

import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.Malformed;
import io.hubwire.protocol.RemoteProtocolException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The user name of a CONNECT to DPS, {@code {idScope}/registrations/{registrationId}/api-version=…}. Unlike a hub's it
 * has no {@code ?}. Source: "Communicate with DPS using the MQTT protocol"; mqtt-device 6.
 *
 * @param idScope opaque letters and digits, such as {@code 0ne00111111}
 * @param registrationId also the client id
 * @param apiVersion null when absent
 * @param clientVersion what the device says about its software, or null
 */
public record DpsUserName(
        String idScope,
        String registrationId,
        @Nullable String apiVersion,
        @Nullable String clientVersion) {
    /** The version our client speaks over MQTT. */
    public static final String API_VERSION = "2019-03-31";

    private static final String REGISTRATIONS = "registrations";
    private static final String CLIENT_VERSION = "ClientVersion";

    public DpsUserName {
        requireLevel("id scope", idScope);
        requireLevel("registration id", registrationId);
    }

    /** With {@value #API_VERSION} and nothing else. */
    public static DpsUserName of(String idScope, String registrationId) {
        return new DpsUserName(idScope, registrationId, API_VERSION, null);
    }

    /** A copy that tells about the software. */
    public DpsUserName withClientVersion(@Nullable String text) {
        return new DpsUserName(idScope, registrationId, apiVersion, text);
    }

    public String format() {
        return idScope + "/" + REGISTRATIONS + "/" + registrationId + "/"
                + new UserNameParameters()
                        .put(UserNameParameters.API_VERSION, apiVersion)
                        .put(CLIENT_VERSION, clientVersion)
                        .format();
    }

    /**
     * Reads the user name of a CONNECT: the service's side. Ask this before {@link MqttUserName#parse}, which would take
     * {@code registrations} for a device.
     *
     * @return empty when it is not one for DPS
     * @throws RemoteProtocolException when the id scope or registration id is empty
     */
    public static Optional<DpsUserName> parse(String text) {
        String[] levels = text.split("/", -1);
        if (levels.length != 4
                || !levels[1].equals(REGISTRATIONS)
                || !levels[3].contains(UserNameParameters.API_VERSION + "=")
                || levels[3].startsWith("?")) {
            return Optional.empty();
        }
        UserNameParameters parameters = UserNameParameters.parse(levels[3]);
        try {
            return Optional.of(new DpsUserName(
                    levels[0],
                    levels[2],
                    parameters.get(UserNameParameters.API_VERSION),
                    parameters.get(CLIENT_VERSION)));
        } catch (InvalidInputException e) {
            throw Malformed.because("DPS user name", text, e);
        }
    }

    private static void requireLevel(String what, String value) {
        if (value.isEmpty() || value.indexOf('/') >= 0) {
            throw new InvalidInputException(what + " [" + value + "] must be at least one character without '/'");
        }
    }
}
