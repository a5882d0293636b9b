package io.hubwire.localhub.amqp;

import io.hubwire.localhub.engine.AccessControl.ServiceAccess;
import io.hubwire.localhub.engine.Hub;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.protocol.HubError;
import java.util.Locale;
import java.util.function.Consumer;

/** {@code put-token}: who may do what on this connection, and until when. Source: amqp 1.2. */
final class CbsNode implements RequestNode {
    private static final String SAS = "servicebus.windows.net:sastoken";
    private static final String SCHEME = "SharedAccessSignature";

    private final Hub hub;
    private final ConnectionRights rights;
    private final Consumer<String> granted;

    /** @param granted told the path of each token that was accepted */
    CbsNode(Hub hub, ConnectionRights rights, Consumer<String> granted) {
        this.hub = hub;
        this.rights = rights;
        this.granted = granted;
    }

    @Override
    public Answer answer(Sections request) {
        try {
            String operation = request.text("operation").orElse("");
            if (!operation.equals("put-token")) {
                return new Answer(
                        501, "operation [" + operation + "] is not put-token", Conditions.NOT_IMPLEMENTED, null);
            }
            putToken(request);
            return Answer.ok(null);
        } catch (HubException refused) {
            return new Answer(refused.error().httpStatus(), refused.detail(), Conditions.of(refused.error()), null);
        }
    }

    private void putToken(Sections request) {
        String type = request.text("type").orElse("").toLowerCase(Locale.ROOT);
        String token = request.value() instanceof String text ? text : "";
        if (type.equals("jwt") || type.equals("bearer") || token.startsWith("Bearer ")) {
            throw refused("this hub takes shared access signatures only, no Microsoft Entra tokens");
        }
        if (!type.equals(SAS) || !token.startsWith(SCHEME)) {
            throw refused("type [" + type + "] with a body that is " + (token.isEmpty() ? "no text" : "no " + SCHEME)
                    + "; wanted is " + SAS + " with a token");
        }
        TokenScope asked = TokenScope.parse(request.text("name").orElse(""));
        if (!asked.host().isEmpty() && !hub.names().answersTo(asked.host())) {
            throw refused("name asks for the host [" + asked.host() + "], which is not this hub");
        }
        ServiceAccess access = hub.access().service(token);
        checkEntity(request.text("name").orElse(""), asked.path());
        rights.grant(asked.path(), access);
        granted.accept(asked.path());
    }

    /** The event endpoint says at once that an event hub is not there. */
    private void checkEntity(String name, String path) {
        String entity = path.split("/", 2)[0];
        boolean eventHub = name.toLowerCase(Locale.ROOT).startsWith("sb://") && !entity.isEmpty();
        if (eventHub && !entity.equalsIgnoreCase(hub.names().eventEntity())) {
            throw new HubException(HubError.GENERIC_NOT_FOUND, Conditions.entityNotFound(entity));
        }
    }

    private static HubException refused(String detail) {
        return new HubException(HubError.IOT_HUB_UNAUTHORIZED, detail);
    }
}
