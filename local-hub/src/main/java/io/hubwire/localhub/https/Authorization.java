package io.hubwire.localhub.https;

import io.hubwire.localhub.engine.AccessControl.Credentials;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.protocol.HubError;

/** What a request brings to prove who sends it. */
final class Authorization {
    static final String HEADER = "Authorization";

    private Authorization() {}

    /** A device's: the token if there is one, else the certificate of the TLS handshake. Source: device-http 1. */
    static Credentials ofDevice(HttpCall call) {
        if (call.header(HEADER).isPresent()) {
            return new Credentials.Sas(call.header(HEADER).get());
        }
        return call.peer().clientChain().isEmpty()
                ? new Credentials.None()
                : new Credentials.Certificate(call.peer().clientChain());
    }

    /**
     * A back end's token.
     *
     * @throws HubException 401002 when there is none, or one of Microsoft Entra
     */
    static String ofService(HttpCall call) {
        String value = call.header(HEADER)
                .orElseThrow(() -> new HubException(
                        HubError.IOT_HUB_UNAUTHORIZED_ACCESS, "Unauthorized. Authorization header missing"));
        if (value.regionMatches(true, 0, "Bearer ", 0, "Bearer ".length())) {
            throw new HubException(
                    HubError.IOT_HUB_UNAUTHORIZED_ACCESS,
                    "Unauthorized. The local hub knows no Microsoft Entra tokens; sign with a shared access policy");
        }
        return value;
    }

    /**
     * Whether an audience, {@code host/devices/d1}, covers a path: each of its segments is the path's. Source: sas-auth 3.
     *
     * @param audience decoded, without scheme and trailing slash
     */
    static boolean covers(String audience, RequestTarget target) {
        String[] parts = audience.split("/", -1);
        if (parts.length - 1 > target.segments().size()) {
            return false;
        }
        for (int i = 1; i < parts.length; i++) {
            if (!parts[i].equals(target.segments().get(i - 1))) {
                return false;
            }
        }
        return true;
    }
}
