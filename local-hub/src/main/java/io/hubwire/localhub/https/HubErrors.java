package io.hubwire.localhub.https;

import io.hubwire.localhub.engine.HubException;
import io.hubwire.localhub.https.Api.Incident;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.json.ServiceErrorBody;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Refusals as IoT Hub writes them. Source: service-rest 12.1; which form for which operation: open-questions 29. */
enum HubErrors {
    /** Most operations. */
    PLAIN {
        @Override
        String body(HubException refusal, Incident incident) {
            return ServiceErrorBody.formatPlain(refusal.error(), refusal.detail(), hex(incident), incident.at());
        }
    },
    /** Direct methods. */
    NESTED {
        @Override
        String body(HubException refusal, Incident incident) {
            return ServiceErrorBody.formatNested(
                    refusal.error(), refusal.detail(), Map.of(), hex(incident), incident.at());
        }
    };

    private static final Logger LOG = LoggerFactory.getLogger(HubErrors.class);

    abstract String body(HubException refusal, Incident incident);

    /** The answer to a failed operation. What was not foreseen is logged once, and the peer learns only the tracking id. */
    HttpAnswer refusal(Throwable failure, Incident incident) {
        HubException known = foreseen(failure).orElseGet(() -> {
            if (cause(failure) instanceof HubwireException disk && disk.code() == ErrorCode.STORAGE_FAILED) {
                LOG.error("request failed, tracking id {}: {}", hex(incident), disk.getMessage());
            } else {
                LOG.error("request failed, tracking id {}", hex(incident), failure);
            }
            return new HubException(HubError.SERVER_ERROR, "the hub failed; its log has the reason");
        });
        HttpAnswer answer = HttpAnswer.jsonText(known.error().httpStatus(), body(known, incident))
                .with(ServiceErrorBody.HEADER, known.error().wireName());
        return known.retryAfter()
                .map(wait -> answer.with(
                        "Retry-After", Long.toString(wait.plusNanos(999_999_999).toSeconds())))
                .orElse(answer);
    }

    /** The hub's own refusal behind a failure, or empty when the failure is a fault of ours. */
    static Optional<HubException> foreseen(Throwable failure) {
        Throwable cause = cause(failure);
        if (cause instanceof HubException known) {
            return Optional.of(known);
        }
        if (cause instanceof InvalidInputException || cause instanceof RemoteProtocolException) {
            return Optional.of(new HubException(HubError.ARGUMENT_INVALID, String.valueOf(cause.getMessage())));
        }
        return Optional.empty();
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private static String hex(Incident incident) {
        return incident.trackingId().toString().replace("-", "");
    }
}
