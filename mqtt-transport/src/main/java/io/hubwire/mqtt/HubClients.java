package io.hubwire.mqtt;

import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.TokenSource;
import io.hubwire.mqtt.link.ClientThreads;
import io.hubwire.mqtt.link.LinkFactory;
import io.hubwire.mqtt.link.TlsWire;
import io.hubwire.mqtt.paho.PahoLinks;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.mqtt.MqttUserName;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Puts a {@link HubClient} together for the real network. */
final class HubClients {
    /** What we are, in the hub's diagnostics. */
    private static final String SOFTWARE = "hubwire";

    private HubClients() {}

    static HubClient create(ConnectionString connection, Identity identity, ClientOptions options) {
        Credentials credentials = new Credentials(
                TokenSource.of(connection, null, options.environment().random())
                        .map(List::of)
                        .orElse(List.of()));
        SSLContext tls = options.trust().context();
        LinkFactory links = new PahoLinks(
                () -> new TlsWire(connection.connectHost(), options.port(), tls, options.connectTimeout()),
                options.environment().timer(),
                ClientThreads.named("hubwire " + identity.clientId() + " link"));
        return new HubClient(identity, userName(connection, identity, options), credentials, options, links);
    }

    private static String userName(ConnectionString connection, Identity identity, ClientOptions options) {
        return MqttUserName.of(connection.hostName(), identity)
                .withClientType(clientType(options.productInfo()))
                .withModelId(options.modelId())
                .format();
    }

    private static String clientType(@Nullable String productInfo) {
        return productInfo == null ? SOFTWARE : productInfo + " " + SOFTWARE;
    }
}
