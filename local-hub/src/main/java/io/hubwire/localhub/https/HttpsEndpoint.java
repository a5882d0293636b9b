package io.hubwire.localhub.https;

import io.hubwire.localhub.endpoint.Endpoint;
import io.hubwire.localhub.endpoint.EndpointContext;
import io.hubwire.localhub.endpoint.LoopbackMqtt;
import io.hubwire.localhub.endpoint.WebSocketBackend;
import io.hubwire.localhub.engine.Hub;
import io.hubwire.localhub.https.Api.Incident;
import io.hubwire.localhub.management.DeviceManagement;
import java.io.IOException;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The hub's HTTPS port: service API, device API, DPS, health and WebSocket. A client certificate is wanted but not needed,
 * and any is accepted: the engine judges.
 */
public final class HttpsEndpoint implements Endpoint {
    private final JettyServer server;
    private final MqttOverWebSocket mqtt;

    private HttpsEndpoint(JettyServer server, MqttOverWebSocket mqtt) {
        this.server = server;
        this.mqtt = mqtt;
    }

    /**
     * Starts listening.
     *
     * @param management queries, jobs and configurations of the same hub
     * @param port 0 to 65535; 0 takes a free one
     * @param broker where MQTT over WebSocket goes
     * @param amqp where AMQP over WebSocket goes
     * @param trackingIds random, one for each request; shown in errors and in the log
     * @throws IOException when the port cannot be had
     */
    public static HttpsEndpoint start(
            EndpointContext context,
            DeviceManagement management,
            int port,
            LoopbackMqtt broker,
            WebSocketBackend amqp,
            Supplier<UUID> trackingIds)
            throws IOException {
        Hub hub = context.hub();
        Supplier<Incident> incidents =
                () -> new Incident(trackingIds.get(), hub.clock().instant());
        HttpTrace trace = new HttpTrace(hub.trace());
        MqttOverWebSocket mqtt = new MqttOverWebSocket(broker);
        try {
            JettyServer server = JettyServer.start(
                    context.tls(),
                    context.addresses(),
                    port,
                    jetty -> new Dispatcher(
                            routes(hub, management, trackingIds),
                            new WebSocketDoor(jetty, mqtt, amqp, trace),
                            trace,
                            incidents),
                    new EarlyRefusal(trace, incidents));
            return new HttpsEndpoint(server, mqtt);
        } catch (IOException e) {
            mqtt.close();
            throw e;
        }
    }

    private static RouteTable routes(Hub hub, DeviceManagement management, Supplier<UUID> requestIds) {
        Metering metering = new Metering(hub.throttles(), hub.timer());
        ServiceApi service = ServiceApi.plain(hub.access(), metering);
        ServiceApi commands = ServiceApi.nested(hub.access(), metering);
        DeviceApi device = new DeviceApi(hub, metering);
        DpsApi dps = new DpsApi();
        OpenToAll all = new OpenToAll();
        DpsService dpsService = new DpsService(hub.provisioning(), dps);
        Stream<Resource> resources = Stream.of(
                new Health(hub, all),
                new WelcomePage(all),
                new Devices(hub.registry(), service),
                new DeviceTwins(hub.twins(), service),
                new TwinQueries(management.queries(), service),
                new ScheduledJobs(management.jobs(), service),
                new RegistryTransfers(management.transfers(), service),
                new DeviceConfigurations(management.configurations(), service),
                new DeviceDigitalTwins(management.digitalTwins(), hub.names(), requestIds, service, commands),
                new Methods(hub, commands),
                new C2dSending(hub.c2d(), service),
                ServiceboundQueue.feedback(hub.feedback(), hub.names(), service),
                ServiceboundQueue.fileNotices(hub.files().notices(), service),
                new DeviceFiles(hub.files(), device),
                Blobs.ofUploads(hub.files()),
                Blobs.ofRegistry(management.containers(), hub.files().blobs()),
                new Telemetry(hub.events(), device),
                new DeviceboundMessages(hub.c2d(), device),
                new DpsRegistration(hub.provisioning(), dps),
                Enrollments.individual(hub.provisioning(), dpsService),
                Enrollments.groups(hub.provisioning(), dpsService),
                new DeviceRegistrations(hub.provisioning(), dpsService));
        return new RouteTable(resources.flatMap(r -> r.routes().stream()).toList());
    }

    @Override
    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.close();
        mqtt.close();
    }
}
