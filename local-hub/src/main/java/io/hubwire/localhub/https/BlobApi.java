package io.hubwire.localhub.https;

import io.hubwire.localhub.engine.BlobAccess;
import io.hubwire.localhub.engine.BlobStore;
import io.hubwire.localhub.engine.BlobToken;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.localhub.https.Route.Limits;
import io.hubwire.protocol.HubError;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The blob store's way to let in and to refuse: a token in the query, errors in XML with their name in a header, as Azure
 * Storage has it ("Status and error codes", "Common REST API error codes").
 */
final class BlobApi implements Api {
    private static final Logger LOG = LoggerFactory.getLogger(BlobApi.class);

    private final String container;
    private final Door door;

    BlobApi(String container, Door door) {
        this.container = container;
        this.door = door;
    }

    /** Judges a token. */
    @FunctionalInterface
    interface Door {
        /** @param blob with its container */
        BlobAccess access(String blob, BlobToken token, char permission);
    }

    /** The store refuses. Expected, so without a stack trace. */
    static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final int status;
        private final String code;

        /** @param code Azure Storage's name for it */
        Refusal(int status, String code, String why) {
            super(why, null, false, false);
            this.status = status;
            this.code = code;
        }
    }

    /** An operation on a blob whose token was checked. */
    @FunctionalInterface
    interface BlobOperation {
        HttpAnswer answer(HttpCall call, String blob);
    }

    /** @param permission what the token must grant, {@code r}, {@code w} or {@code d} */
    Route route(String method, char permission, BlobOperation operation) {
        return new Route(
                method, new PathTemplate("/" + container + "/{blob...}"), this, Limits.BLOB, Operation.of(call -> {
                    String blob = container + "/" + call.parameter("blob");
                    let(door.access(blob, BlobToken.of(call.target().query()), permission));
                    return operation.answer(call, blob);
                }));
    }

    private static void let(BlobAccess access) {
        switch (access) {
            case GRANTED -> {}
            case BAD_SIGNATURE ->
                throw new Refusal(403, "AuthenticationFailed", "the token is not one of this store for this blob");
            case EXPIRED -> throw new Refusal(403, "AuthenticationFailed", "the token's time is over");
            case NOT_PERMITTED ->
                throw new Refusal(403, "AuthorizationPermissionMismatch", "the token does not permit this");
        }
    }

    /** Any version, or none: what is used here is the same in all. */
    @Override
    public void requireVersion(RequestTarget target) {}

    @Override
    public HttpAnswer refusal(Throwable failure, Incident incident) {
        Refusal refusal = known(failure, incident);
        String xml = "<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>" + refusal.code + "</Code><Message>"
                + BlockXml.escape(String.valueOf(refusal.getMessage())) + "\nRequestId:" + incident.trackingId()
                + "\nTime:" + incident.at() + "</Message></Error>";
        return HttpAnswer.bytes(refusal.status, "application/xml", xml.getBytes(StandardCharsets.UTF_8))
                .with("x-ms-error-code", refusal.code);
    }

    private static Refusal known(Throwable failure, Incident incident) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        String why = String.valueOf(cause.getMessage());
        if (cause instanceof Refusal refusal) {
            return refusal;
        }
        if (cause instanceof BlobStore.Full) {
            return new Refusal(500, "InternalError", why); // what Azure Storage says when it cannot write
        }
        if (cause instanceof HubException hub) {
            return switch (hub.error().httpStatus()) {
                case 413 -> new Refusal(413, "RequestBodyTooLarge", why);
                case 405 -> new Refusal(405, "UnsupportedHttpVerb", why);
                default ->
                    hub.error() == HubError.REQUEST_TIMED_OUT
                            ? new Refusal(500, "OperationTimedOut", why)
                            : new Refusal(400, "InvalidInput", why);
            };
        }
        LOG.error("blob request failed, tracking id {}", incident.trackingId(), failure);
        return new Refusal(500, "InternalError", "the blob store failed; the hub's log has the reason");
    }
}
