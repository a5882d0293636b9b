package io.hubwire.mqtt;

import io.hubwire.mqtt.link.LinkEnd;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.Identity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads the end of a link: what happened, and whether the same again can go better. Source: mqtt-device 1.6 and 10. */
final class LinkVerdicts {
    private static final int PROTOCOL_VERSION = 1;
    private static final int CLIENT_ID = 2;
    private static final int UNAVAILABLE = 3;
    private static final int BAD_CREDENTIALS = 4;

    private LinkVerdicts() {}

    /**
     * The failure, or null when the end was asked for.
     *
     * @param identity who tried to connect
     * @param tokenExpiry of the token shown; null with a certificate
     * @param now by the client's clock
     * @param anotherKey whether the next attempt shows another key
     */
    static @Nullable Failure of(
            LinkEnd end, Identity identity, @Nullable Instant tokenExpiry, Instant now, boolean anotherKey) {
        if (end instanceof LinkEnd.Refused refused) {
            return refused(refused.returnCode(), identity, tokenExpiry, now, anotherKey);
        }
        if (end instanceof LinkEnd.Broken broken) {
            return broken(broken, anotherKey);
        }
        return null;
    }

    private static Failure broken(LinkEnd.Broken broken, boolean anotherCertificate) {
        ErrorCode code = broken.cause().code();
        ChangeReason reason =
                switch (code) {
                    case UNREACHABLE, TLS_FAILED, TIMED_OUT, UNAUTHORIZED -> ChangeReason.UNREACHABLE;
                    default -> ChangeReason.LINK_LOST;
                };
        Failure.Verdict verdict = Failure.Verdict.RETRY;
        if (code == ErrorCode.UNAUTHORIZED) { // a proxy that asks for another password
            verdict = Failure.Verdict.GIVE_UP;
        } else if (code == ErrorCode.TLS_FAILED) {
            verdict = anotherCertificate ? Failure.Verdict.RETRY_NOW : Failure.Verdict.GIVE_UP;
        }
        return new Failure(broken.cause(), reason, verdict, broken.byPeer());
    }

    private static Failure refused(
            int returnCode, Identity identity, @Nullable Instant tokenExpiry, Instant now, boolean anotherKey) {
        String who = "[" + identity + "]";
        String start = "hub refused CONNECT of " + who + " with code " + returnCode + ": ";
        return switch (returnCode) {
            case PROTOCOL_VERSION ->
                refusal(
                        returnCode,
                        ErrorCode.UNSUPPORTED,
                        start + "it does not speak MQTT 3.1.1",
                        Failure.Verdict.GIVE_UP);
            case CLIENT_ID ->
                refusal(
                        returnCode,
                        ErrorCode.INVALID_ARGUMENT,
                        start + "it does not accept this client id",
                        Failure.Verdict.GIVE_UP);
            case UNAVAILABLE ->
                refusal(
                        returnCode,
                        ErrorCode.SERVER_ERROR,
                        start
                                + "it is not available to this client; it says so when it is busy or failing over, and also"
                                + " when the device is disabled or its address is blocked",
                        Failure.Verdict.RETRY);
            case BAD_CREDENTIALS ->
                refusal(
                        returnCode,
                        ErrorCode.UNAUTHORIZED,
                        start + "it cannot read user name or password",
                        Failure.Verdict.GIVE_UP);
            default -> unauthorized(returnCode, start, tokenExpiry, now, anotherKey);
        };
    }

    private static Failure unauthorized(
            int returnCode, String start, @Nullable Instant tokenExpiry, Instant now, boolean anotherKey) {
        Failure.Verdict verdict = anotherKey ? Failure.Verdict.RETRY_NOW : Failure.Verdict.REFUSED;
        if (tokenExpiry == null) {
            return refusal(
                    returnCode,
                    ErrorCode.UNAUTHORIZED,
                    start + "not authorized; no such device, or the certificate is not the one it knows",
                    verdict);
        }
        if (!now.isBefore(tokenExpiry)) {
            return refusal(
                    returnCode,
                    ErrorCode.TOKEN_EXPIRED,
                    start + "not authorized; the token expired at [" + tokenExpiry + "], and it is now [" + now + "]",
                    verdict);
        }
        return refusal(
                returnCode,
                ErrorCode.UNAUTHORIZED,
                start + "not authorized; no such device, or the key is wrong, or this clock [" + now
                        + "] is wrong by more than five minutes",
                verdict);
    }

    private static Failure refusal(int returnCode, ErrorCode code, String text, Failure.Verdict verdict) {
        return new Failure(new ConnectRefusedException(returnCode, code, text), ChangeReason.REFUSED, verdict, false);
    }
}
