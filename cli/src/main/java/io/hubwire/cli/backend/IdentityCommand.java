package io.hubwire.cli.backend;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.cli.connect.Targets.HubTarget;
import io.hubwire.cli.context.CliContext;
import io.hubwire.cli.context.CommandFamily;
import io.hubwire.cli.output.Table;
import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.service.Authentication;
import io.hubwire.service.Device;
import io.hubwire.service.IfMatch;
import io.hubwire.service.ServiceClient;
import java.security.SecureRandom;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Device identities in the registry. */
@Command(name = "identity", mixinStandardHelpOptions = true, description = "Create, show and change device identities.")
public final class IdentityCommand extends CommandFamily {
    private static final String ETAG = "Only if the identity still has this etag.";

    private final CliContext context;

    private IdentityCommand(CliContext context) {
        this.context = context;
    }

    /** This family with its members. */
    public static CommandLine with(CliContext context) {
        return new CommandLine(new IdentityCommand(context))
                .addSubcommand(new IdentityImport(context))
                .addSubcommand(new IdentityExport(context));
    }

    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description = "Register a device; the hub makes its keys unless you bring some.",
            footer = {"", "Example: hubwire identity create thermostat-7"})
    int create(@Parameters(paramLabel = "DEVICE") String device, @Mixin DeviceAttributes attributes) {
        HubTarget hub = context.hub();
        try (ServiceClient service = context.clients().service(hub)) {
            Device made = service.registry()
                    .blocking()
                    .create(attributes.applyTo(Device.builder(new DeviceId(device).value())));
            return show(hub, made);
        }
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Show one identity with its keys and state.",
            footer = {"", "Example: hubwire identity show device1"})
    int show(@Parameters(paramLabel = "DEVICE") String device) {
        HubTarget hub = context.hub();
        try (ServiceClient service = context.clients().service(hub)) {
            return show(hub, service.registry().blocking().get(new DeviceId(device)));
        }
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "List identities.",
            footer = {"", "Example: hubwire identity list --top 20"})
    int list(
            @Option(names = "--top", paramLabel = "N", defaultValue = "1000", description = "1 to 1000. Default 1000.")
                    int top) {
        if (top < 1 || top > 1000) {
            throw new InvalidInputException("--top [" + top + "] must be 1 to 1000");
        }
        HubTarget hub = context.hub();
        try (ServiceClient service = context.clients().service(hub)) {
            List<Device> devices = service.registry().blocking().list(top);
            var array = JsonNodeFactory.instance.arrayNode();
            devices.forEach(d -> array.add(document(hub, d)));
            context.answer(array, () -> {
                Table table = new Table("DEVICE", "STATUS", "STATE", "AUTH", "EDGE", "C2D", "LAST ACTIVITY");
                for (Device d : devices) {
                    table.row(
                            d.id(),
                            IdentityText.status(d),
                            d.isConnected() ? "connected" : "disconnected",
                            IdentityText.authentication(d.authentication()),
                            d.isEdge() ? "yes" : "no",
                            d.cloudToDeviceMessageCount(),
                            d.lastActivityTime().map(Object::toString).orElse("never"));
                }
                context.terminal().table(table);
            });
            return 0;
        }
    }

    @Command(
            name = "update",
            mixinStandardHelpOptions = true,
            description = "Change keys, thumbprint, status or capabilities.",
            footer = {"", "Example: hubwire identity update device1 --status disabled"})
    int update(
            @Parameters(paramLabel = "DEVICE") String device,
            @Mixin DeviceAttributes attributes,
            @Option(names = "--etag", paramLabel = "ETAG", description = ETAG) @Nullable String etag) {
        HubTarget hub = context.hub();
        try (ServiceClient service = context.clients().service(hub)) {
            Device now = service.registry().blocking().get(new DeviceId(device));
            Device changed = service.registry().blocking().update(attributes.applyTo(now.toBuilder()), condition(etag));
            return show(hub, changed);
        }
    }

    @Command(
            name = "delete",
            mixinStandardHelpOptions = true,
            description = "Remove an identity with its twin, modules and queue.",
            footer = {"", "Example: hubwire identity delete thermostat-7"})
    int delete(
            @Parameters(paramLabel = "DEVICE") String device,
            @Option(names = "--etag", paramLabel = "ETAG", description = ETAG) @Nullable String etag) {
        try (ServiceClient service = context.clients().service()) {
            service.registry().blocking().delete(new DeviceId(device), condition(etag));
            context.answer(
                    JsonNodeFactory.instance
                            .objectNode()
                            .put("deviceId", device)
                            .put("deleted", true),
                    () -> context.terminal().line("deleted " + device));
            return 0;
        }
    }

    @Command(
            name = "renew-key",
            mixinStandardHelpOptions = true,
            description = "Replace a key by a new one made here.",
            footer = {"", "Example: hubwire identity renew-key device1 --key secondary"})
    int renewKey(
            @Parameters(paramLabel = "DEVICE") String device,
            @Option(
                            names = "--key",
                            paramLabel = "primary|secondary|both",
                            defaultValue = "primary",
                            description = "Default primary.")
                    WhichKey which) {
        HubTarget hub = context.hub();
        try (ServiceClient service = context.clients().service(hub)) {
            Device now = service.registry().blocking().get(new DeviceId(device));
            if (!(now.authentication() instanceof Authentication.Sas sas)) {
                throw new InvalidInputException(
                        "device [" + device + "] has no symmetric keys; it authenticates with a certificate");
            }
            SecureRandom random = new SecureRandom();
            SymmetricKey primary = which == WhichKey.secondary ? sas.primary() : SymmetricKey.generate(random);
            SymmetricKey secondary = which == WhichKey.primary ? sas.secondary() : SymmetricKey.generate(random);
            Device changed = service.registry()
                    .blocking()
                    .update(now.toBuilder()
                            .authentication(new Authentication.Sas(primary, secondary))
                            .build());
            return show(hub, changed);
        }
    }

    @Command(
            name = "connection-string",
            mixinStandardHelpOptions = true,
            description = "Print a device's connection string.",
            footer = {"", "Example: hubwire identity connection-string device1"})
    int connectionString(@Parameters(paramLabel = "DEVICE") String device) {
        ConnectionString text = context.clients().connectionString(context.hub(), Identity.device(device));
        context.answer(
                JsonNodeFactory.instance.objectNode().put("connectionString", text.text()),
                () -> context.terminal().line(text.text()));
        return 0;
    }

    /** A key of a pair. */
    enum WhichKey {
        primary,
        secondary,
        both
    }

    private int show(HubTarget hub, Device device) {
        context.answer(document(hub, device), () -> IdentityText.lines(device).forEach(context.terminal()::line));
        return 0;
    }

    private static ObjectNode document(HubTarget hub, Device device) {
        ObjectNode document = device.tree();
        device.primaryKey()
                .map(key -> ConnectionString.ofIdentity(
                        hub.host(), Identity.device(device.id().value()), key))
                .ifPresent(text -> document.put("connectionString", text.text()));
        return document;
    }

    static IfMatch condition(@Nullable String etag) {
        return etag == null ? IfMatch.ANY : IfMatch.of(etag);
    }
}
