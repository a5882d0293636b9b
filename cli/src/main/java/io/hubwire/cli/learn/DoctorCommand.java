package io.hubwire.cli.learn;

import io.hubwire.cli.connect.Endpoints;
import io.hubwire.cli.connect.Targets.DeviceTarget;
import io.hubwire.cli.connect.Targets.HubTarget;
import io.hubwire.cli.context.CliContext;
import io.hubwire.events.EventStream;
import io.hubwire.mqtt.DeviceClient;
import io.hubwire.mqtt.IotHubClient;
import io.hubwire.mqtt.ModuleClient;
import io.hubwire.protocol.Identity;
import io.hubwire.service.ServiceClient;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Why a connection does not come about. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Find out why a hub cannot be used: name, ports, TLS, clock, credentials, one after another.",
        footer = {
            "",
            "Without options it looks at the back end's side of the hub; with -d or a connection string at a device's.",
            "Changes nothing; a device that is connected with the same identity loses its connection for a moment.",
            "Exit code: that of the first check that failed.",
            "Example: hubwire doctor",
            "Example: hubwire doctor --device-connection-string \"$IOTHUB_DEVICE_CONNECTION_STRING\""
        })
public final class DoctorCommand implements Callable<Integer> {
    private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(15);

    private final CliContext context;

    @Option(
            names = {"-d", "--device"},
            paramLabel = "DEVICE",
            description = "A device of the hub; its key is looked up in the registry.")
    private @Nullable String device;

    @Option(names = "--device-connection-string", paramLabel = "CONNSTR", description = "A device by its own string.")
    private @Nullable String connection;

    public DoctorCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        CheckUp checkUp = new CheckUp(context.clock(), finding -> {
            if (!context.json()) {
                context.terminal()
                        .line(String.format(
                                "%-4s %-11s %s", finding.ok() ? "ok" : "BAD", finding.name(), finding.detail()));
            }
        });
        if (device != null || connection != null) {
            ofDevice(checkUp, context.clients().device(connection, device, null));
        } else {
            ofBackEnd(checkUp, context.hub());
        }
        if (context.json()) {
            context.terminal().document(checkUp.json());
        }
        return checkUp.exit().code();
    }

    private void ofBackEnd(CheckUp checkUp, HubTarget hub) throws InterruptedException {
        Endpoints endpoints = hub.endpoints();
        Reachability reach = new Reachability(hub.host(), endpoints.trust(), context.clock());
        checkUp.check("name", reach::name);
        checkUp.check("https-port", () -> reach.port(endpoints.httpsPort()));
        checkUp.check("mqtt-port", () -> reach.port(endpoints.mqttPort()));
        checkUp.check("amqp-port", () -> reach.port(endpoints.amqpPort()));
        checkUp.check("tls", () -> reach.tls(endpoints.httpsPort()));
        checkUp.check("clock", () -> reach.clock(endpoints.httpsPort()));
        checkUp.check("https", () -> {
            try (ServiceClient service = context.clients().service(hub)) {
                return "the policy is let in; "
                        + service.statistics().blocking().devices().total() + " devices";
            }
        });
        checkUp.check("amqp", () -> {
            try (EventStream events = EventStream.open(context.clients().events(hub))) {
                return "events are readable in " + events.partitions().size() + " partitions";
            }
        });
    }

    private void ofDevice(CheckUp checkUp, DeviceTarget target) throws InterruptedException {
        Endpoints endpoints = target.endpoints();
        Reachability reach = new Reachability(target.connection().connectHost(), endpoints.trust(), context.clock());
        checkUp.check("name", reach::name);
        checkUp.check("mqtt-port", () -> reach.port(endpoints.mqttPort()));
        checkUp.check("tls", () -> reach.tls(endpoints.mqttPort()));
        checkUp.check("clock", () -> reach.clock(endpoints.httpsPort()));
        checkUp.check("mqtt", () -> {
            try (IotHubClient client = open(target)) {
                client.blocking().connect();
                return "the device is let in; its twin has desired version "
                        + client.blocking().twin().desired().version();
            }
        });
    }

    private IotHubClient open(DeviceTarget target) {
        var options = context.clients()
                .deviceOptions(target)
                .connectTimeout(CONNECT_PATIENCE)
                .build();
        boolean module =
                target.connection().identity().filter(Identity::isModule).isPresent();
        return module ? ModuleClient.of(target.connection(), options) : DeviceClient.of(target.connection(), options);
    }
}
