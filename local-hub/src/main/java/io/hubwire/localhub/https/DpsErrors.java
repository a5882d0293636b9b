package io.hubwire.localhub.https;

import io.hubwire.localhub.engine.HubException;
import io.hubwire.localhub.engine.Provisioning.DpsRefusal;
import io.hubwire.localhub.https.Api.Incident;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.json.ErrorDocument;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Refusals as DPS writes and numbers them. Source: dps 3. */
final class DpsErrors {
    static final int BAD_REQUEST = 400000;
    static final int INVALID_ARGUMENT = 400004;
    static final int UNAUTHORIZED = 401002;

    private static final Logger LOG = LoggerFactory.getLogger(DpsErrors.class);

    private DpsErrors() {}

    /** The answer to a failed operation. What was not foreseen is logged once, and the peer learns only the tracking id. */
    static HttpAnswer refusal(Throwable failure, Incident incident) {
        DpsRefusal known = foreseen(failure, incident);
        String body = ErrorDocument.of(
                        known.errorCode(), known.detail(), incident.trackingId().toString(), incident.at())
                .format();
        HttpAnswer answer =
                HttpAnswer.jsonText(known.status(), body).with("x-ms-error-code", Integer.toString(known.errorCode()));
        return known.retryAfter()
                .map(wait -> answer.with("Retry-After", Long.toString(wait.toSeconds())))
                .orElse(answer);
    }

    private static DpsRefusal foreseen(Throwable failure, Incident incident) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof DpsRefusal refusal) {
            return refusal;
        }
        return HubErrors.foreseen(cause).map(DpsErrors::inDpsNumbers).orElseGet(() -> {
            LOG.error("request failed, tracking id {}", incident.trackingId(), failure);
            return new DpsRefusal(500, 500000, "the local DPS failed; its log has the reason", null);
        });
    }

    /** What this package refuses before the engine is asked; the two services number differently. */
    private static DpsRefusal inDpsNumbers(HubException refusal) {
        int status = refusal.error().httpStatus();
        int code = refusal.error() == HubError.ARGUMENT_INVALID ? INVALID_ARGUMENT : status * 1000;
        return new DpsRefusal(status, code, refusal.detail(), null);
    }
}
