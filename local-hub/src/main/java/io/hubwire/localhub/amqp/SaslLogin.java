package io.hubwire.localhub.amqp;

import io.hubwire.localhub.engine.AccessControl.ServiceAccess;
import io.hubwire.localhub.engine.Hub;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.protocol.HubError;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.qpid.protonj2.buffer.ProtonBuffer;
import org.apache.qpid.protonj2.engine.sasl.SaslOutcome;
import org.apache.qpid.protonj2.engine.sasl.SaslServerContext;
import org.apache.qpid.protonj2.engine.sasl.SaslServerListener;
import org.apache.qpid.protonj2.types.Symbol;
import org.apache.qpid.protonj2.types.transport.AMQPHeader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The SASL part of a connection. PLAIN is checked at once and opens all of the hub that its policy and token allow; the
 * other mechanisms let a peer in without any right until it puts a token. Source: amqp 1.1.
 */
final class SaslLogin implements SaslServerListener {
    private static final Logger LOG = LoggerFactory.getLogger(SaslLogin.class);
    private static final Symbol PLAIN = Symbol.valueOf("PLAIN");
    private static final Symbol[] MECHANISMS = {
        Symbol.valueOf("MSSBCBS"), PLAIN, Symbol.valueOf("ANONYMOUS"), Symbol.valueOf("EXTERNAL")
    };
    /** {@code policy@sas.root.hub}; the hub's name is its host or the first label of it. */
    private static final Pattern HUB_USER = Pattern.compile("(.+)@sas\\.root\\.(.+)", Pattern.CASE_INSENSITIVE);

    private final Hub hub;
    private final ConnectionRights rights;
    private final Runnable refused;

    /** @param refused run after the peer was told no: the connection ends */
    SaslLogin(Hub hub, ConnectionRights rights, Runnable refused) {
        this.hub = hub;
        this.rights = rights;
        this.refused = refused;
    }

    @Override
    public void handleSaslHeader(SaslServerContext context, AMQPHeader header) {
        context.sendMechanisms(MECHANISMS.clone());
    }

    @Override
    public void handleSaslInit(SaslServerContext context, Symbol mechanism, @Nullable ProtonBuffer response) {
        try {
            if (!Set.of(MECHANISMS).contains(mechanism)) {
                throw refusal("mechanism [" + mechanism + "] was not offered");
            }
            if (mechanism.equals(PLAIN)) {
                plain(response == null ? "" : response.toString(StandardCharsets.UTF_8));
            }
            context.sendOutcome(SaslOutcome.SASL_OK, null);
        } catch (HubException no) {
            LOG.debug("SASL {} refused: {}", mechanism, no.detail());
            context.sendOutcome(SaslOutcome.SASL_AUTH, null);
            refused.run();
        }
    }

    @Override
    public void handleSaslResponse(SaslServerContext context, ProtonBuffer response) {
        context.sendOutcome(SaslOutcome.SASL_AUTH, null); // no mechanism of ours challenges
        refused.run();
    }

    private void plain(String response) {
        String[] parts = response.split("\0", -1); // authorization id, user, password
        if (parts.length != 3) {
            throw refusal("PLAIN response has " + parts.length + " parts; wanted are 3");
        }
        String user = parts[1];
        Matcher hubUser = HUB_USER.matcher(user);
        ServiceAccess access;
        if (hubUser.matches()) {
            access = hub.access().service(parts[2]);
            if (!isThisHub(hubUser.group(2)) || !access.policy().equals(hubUser.group(1))) {
                throw refusal("user [" + user + "] does not go with a token of policy [" + access.policy() + "]");
            }
        } else if (user.contains("@")) {
            throw refusal("user [" + user + "]: devices do not connect to this hub over AMQP");
        } else {
            access = hub.access().serviceByKey(user, parts[2]);
        }
        rights.grant(TokenScope.parse(access.audience()).path(), access);
    }

    private boolean isThisHub(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return hub.names().answersTo(lower)
                || hub.names().hosts().stream().anyMatch(host -> host.startsWith(lower + "."));
    }

    private static HubException refusal(String detail) {
        return new HubException(HubError.IOT_HUB_UNAUTHORIZED, detail);
    }
}
