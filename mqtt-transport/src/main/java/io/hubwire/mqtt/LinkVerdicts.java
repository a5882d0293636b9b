package io.hubwire.mqtt;

import io.hubwire.mqtt.link.LinkEnd;
import io.hubwire.protocol.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads the end of a link: what happened, and whether the same again can go better. Source: mqtt-device 1.6 and 10. */
final class LinkVerdicts {
    private static final int PROTOCOL_VERSION = 1;
    private static final int CLIENT_ID = 2;
    private static final int UNAVAILABLE = 3;
    private static final int BAD_CREDENTIALS = 4;
    private static final int NOT_AUTHORIZED = 5;

    private LinkVerdicts() {}

    /** Whether the clocks may be to blame for this end. */
    static boolean isNotAuthorized(LinkEnd end) {
        return end instanceof LinkEnd.Refused refused && refused.returnCode() == NOT_AUTHORIZED;
    }

    /** The failure, or null when the end was asked for. */
    static @Nullable Failure of(LinkEnd end, Circumstances circumstances) {
        if (end instanceof LinkEnd.Refused refused) {
            return refused(refused.returnCode(), circumstances);
        }
        if (end instanceof LinkEnd.Broken broken) {
            return broken(broken, circumstances.anotherCredential());
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

    private static Failure refused(int returnCode, Circumstances c) {
        String start = "hub refused CONNECT of [" + c.identity() + "] with code " + returnCode + ": ";
        return switch (returnCode) {
            case PROTOCOL_VERSION ->
                refusal(
                        returnCode,
                        ErrorCode.UNSUPPORTED,
                        RefusalCause.PROTOCOL_VERSION,
                        null,
                        start + "it does not speak MQTT 3.1.1",
                        Failure.Verdict.GIVE_UP);
            case CLIENT_ID ->
                refusal(
                        returnCode,
                        ErrorCode.INVALID_ARGUMENT,
                        RefusalCause.CLIENT_ID,
                        null,
                        start + "it does not accept this client id",
                        Failure.Verdict.GIVE_UP);
            case UNAVAILABLE ->
                refusal(
                        returnCode,
                        ErrorCode.SERVER_ERROR,
                        RefusalCause.UNAVAILABLE,
                        null,
                        start
                                + "it is not available to this client; it says so when it is busy or failing over, and also"
                                + " when the device is disabled or its address is blocked",
                        Failure.Verdict.RETRY);
            case BAD_CREDENTIALS ->
                refusal(
                        returnCode,
                        ErrorCode.UNAUTHORIZED,
                        RefusalCause.UNREADABLE_CREDENTIALS,
                        null,
                        start + "it cannot read user name or password",
                        Failure.Verdict.GIVE_UP);
            default -> {
                Instant expiry = c.tokenExpiry();
                yield expiry == null
                        ? certificateRefused(returnCode, start + "not authorized; ", c)
                        : tokenRefused(returnCode, start + "not authorized; ", expiry, c);
            }
        };
    }

    private static Failure certificateRefused(int returnCode, String start, Circumstances c) {
        Instant end = c.certificateEnd();
        boolean ended = end != null && c.now().isAfter(end);
        return refusal(
                returnCode,
                ErrorCode.UNAUTHORIZED,
                ended ? RefusalCause.CERTIFICATE_EXPIRED : RefusalCause.CERTIFICATE_OR_DEVICE,
                null,
                start
                        + (ended
                                ? "the certificate ended at [" + end + "], and it is now [" + c.now() + "]"
                                : "either no such device is registered, or with another certificate; MQTT does not tell"
                                        + " which"),
                verdict(c));
    }

    private static Failure tokenRefused(int returnCode, String start, Instant expiry, Circumstances c) {
        String token = "the token expired at [" + expiry + "]";
        if (c.expiredAtHub() && !c.expiredHere()) {
            return refusal(
                    returnCode,
                    ErrorCode.TOKEN_EXPIRED,
                    RefusalCause.CLOCK_SKEW,
                    c.skew(),
                    start + token + " by the hub's clock; this one, at [" + c.now() + "], " + offBy(c.skew()),
                    verdict(c));
        }
        if (c.expiredAtHub()) {
            return refusal(
                    returnCode,
                    ErrorCode.TOKEN_EXPIRED,
                    RefusalCause.TOKEN_EXPIRED,
                    c.skew(),
                    start + token + "; " + clock(c),
                    verdict(c));
        }
        return refusal(
                returnCode,
                ErrorCode.UNAUTHORIZED,
                RefusalCause.KEY_OR_DEVICE,
                c.skew(),
                start
                        + "either the key is wrong, or no such device is registered, or the token is for another one; MQTT"
                        + " does not tell which. The token is good until [" + expiry + "]; " + clock(c),
                verdict(c));
    }

    private static Failure.Verdict verdict(Circumstances c) {
        return c.anotherCredential() ? Failure.Verdict.RETRY_NOW : Failure.Verdict.REFUSED;
    }

    private static String clock(Circumstances c) {
        if (c.hubClock() instanceof Circumstances.HubClock.Read read) {
            return "this clock, at [" + c.now() + "], " + offBy(read.skew());
        }
        String now = "this clock says [" + c.now() + "]";
        return c.hubClock() instanceof Circumstances.HubClock.Unknown unknown
                ? now + ", and the hub's could not be read: " + unknown.why()
                : now + ", and the hub's was not read";
    }

    private static String offBy(@Nullable Duration skew) {
        long seconds = skew == null ? 0 : skew.toSeconds();
        return seconds == 0
                ? "agrees with the hub's"
                : "is [" + Math.abs(seconds) + " s] " + (seconds > 0 ? "ahead of" : "behind") + " the hub's";
    }

    private static Failure refusal(
            int returnCode,
            ErrorCode code,
            RefusalCause refusal,
            @Nullable Duration skew,
            String text,
            Failure.Verdict verdict) {
        return new Failure(
                new ConnectRefusedException(returnCode, code, refusal, skew, text),
                ChangeReason.REFUSED,
                verdict,
                false);
    }
}
