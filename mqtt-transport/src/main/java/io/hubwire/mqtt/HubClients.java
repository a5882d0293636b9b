package io.hubwire.mqtt;

import io.hubwire.auth.HttpProxy;
import io.hubwire.auth.TlsTrust;
import io.hubwire.mqtt.link.ClientThreads;
import io.hubwire.mqtt.link.HttpProxyRoute;
import io.hubwire.mqtt.link.HttpsDate;
import io.hubwire.mqtt.link.LinkFactory;
import io.hubwire.mqtt.link.PeerClock;
import io.hubwire.mqtt.link.TcpRoute;
import io.hubwire.mqtt.link.TlsWire;
import io.hubwire.mqtt.link.WebSocketWire;
import io.hubwire.mqtt.link.Wire;
import io.hubwire.mqtt.link.WireFactory;
import io.hubwire.mqtt.paho.PahoLinks;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.mqtt.MqttUserName;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Puts a {@link HubClient} together for the real network. */
final class HubClients {
    /** What we are, in the hub's diagnostics. */
    private static final String SOFTWARE = "hubwire";

    /** For asking the hub what time it is; short, since a refusal waits for it. */
    private static final Duration CLOCK_TIMEOUT = Duration.ofSeconds(5);

    private HubClients() {}

    static HubClient create(HubAddress address, Identity identity, ClientCredentials given, ClientOptions options) {
        Credentials credentials = Credentials.of(given);
        List<SSLContext> contexts = contexts(given, options.trust());
        WireFactory wires = () -> wire(address, contexts.get(credentials.present() % contexts.size()), options);
        LinkFactory links = new PahoLinks(
                wires, options.environment().timer(), ClientThreads.named("hubwire " + identity.clientId() + " link"));
        PeerClock hubClock = new HttpsDate(
                () -> tls(address, options.httpsPort(), contexts.get(0), CLOCK_TIMEOUT, options),
                httpHost(address, options.httpsPort()),
                options.environment().timer(),
                CLOCK_TIMEOUT);
        return new HubClient(identity, userName(address, identity, options), credentials, options, links, hubClock);
    }

    private static Wire wire(HubAddress address, SSLContext context, ClientOptions options) {
        Wire tls = tls(address, options.port(), context, options.connectTimeout(), options);
        return options.transport() == Transport.TCP
                ? tls
                : new WebSocketWire(
                        tls,
                        httpHost(address, options.port()),
                        options.environment().random());
    }

    private static Wire tls(HubAddress address, int port, SSLContext context, Duration timeout, ClientOptions options) {
        HttpProxy proxy = options.proxy();
        TcpRoute route = proxy == null ? TcpRoute.direct() : new HttpProxyRoute(proxy);
        return new TlsWire(address.connectHost(), port, context, timeout, route);
    }

    /** As it stands in the Host header. */
    private static String httpHost(HubAddress address, int port) {
        return port == ClientOptions.HTTPS_PORT ? address.connectHost() : address.connectHost() + ":" + port;
    }

    /** One for each certificate; without certificates one for all. */
    private static List<SSLContext> contexts(ClientCredentials given, TlsTrust trust) {
        return given instanceof ClientCredentials.Certificates certificates
                ? certificates.identities().stream().map(trust::context).toList()
                : List.of(trust.context());
    }

    private static String userName(HubAddress address, Identity identity, ClientOptions options) {
        return MqttUserName.of(address.hostName(), identity)
                .withClientType(clientType(options.productInfo()))
                .withModelId(options.modelId())
                .format();
    }

    private static String clientType(@Nullable String productInfo) {
        return productInfo == null ? SOFTWARE : productInfo + " " + SOFTWARE;
    }
}
