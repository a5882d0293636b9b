package io.hubwire.cli.backend;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.ConnectionString;
import io.hubwire.cli.connect.Targets.HubTarget;
import io.hubwire.cli.context.CliContext;
import io.hubwire.cli.context.CommandFamily;
import io.hubwire.cli.output.Table;
import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.json.Json;
import io.hubwire.service.Module;
import io.hubwire.service.ServiceClient;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Modules of devices in the registry. */
@Command(name = "module", mixinStandardHelpOptions = true, description = "Create, show and delete modules of a device.")
public final class ModuleCommand extends CommandFamily {
    private final CliContext context;

    private ModuleCommand(CliContext context) {
        this.context = context;
    }

    /** This family with its members. */
    public static CommandLine with(CliContext context) {
        return new CommandLine(new ModuleCommand(context));
    }

    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description = "Register a module; the hub makes its keys unless you bring some.",
            footer = {"", "Example: hubwire module create device1 thermometer"})
    int create(
            @Parameters(index = "0", paramLabel = "DEVICE") String device,
            @Parameters(index = "1", paramLabel = "MODULE") String module,
            @Mixin AuthenticationChoice authentication,
            @Option(names = "--managed-by", paramLabel = "WHO", description = "For example IotEdge.") @Nullable
                    String managedBy) {
        Module.Builder fresh = Module.builder(device, module);
        authentication.chosen().ifPresent(fresh::authentication);
        if (managedBy != null) {
            fresh.managedBy(managedBy);
        }
        HubTarget hub = context.hub();
        try (ServiceClient service = context.clients().service(hub)) {
            return show(hub, service.registry().blocking().createModule(fresh.build()));
        }
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Show one module with its keys and state.",
            footer = {"", "Example: hubwire module show device1 thermometer"})
    int show(
            @Parameters(index = "0", paramLabel = "DEVICE") String device,
            @Parameters(index = "1", paramLabel = "MODULE") String module) {
        HubTarget hub = context.hub();
        try (ServiceClient service = context.clients().service(hub)) {
            return show(hub, service.registry().blocking().getModule(Identity.module(device, module)));
        }
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "List the modules of a device.",
            footer = {"", "Example: hubwire module list device1"})
    int list(@Parameters(paramLabel = "DEVICE") String device) {
        HubTarget hub = context.hub();
        try (ServiceClient service = context.clients().service(hub)) {
            List<Module> modules = service.registry().blocking().listModules(new DeviceId(device));
            ArrayNode array = Json.array();
            modules.forEach(module -> array.add(document(hub, module)));
            context.answer(array, () -> {
                Table table = new Table("MODULE", "STATE", "AUTH", "MANAGED BY", "LAST ACTIVITY");
                modules.forEach(module -> table.row(
                        module.identity().moduleId().orElse(""),
                        module.isConnected() ? "connected" : "disconnected",
                        IdentityText.authentication(module.authentication()),
                        module.managedBy().filter(who -> !who.isEmpty()).orElse(null),
                        module.lastActivityTime().map(Object::toString).orElse("never")));
                context.terminal().table(table);
            });
            return 0;
        }
    }

    @Command(
            name = "delete",
            mixinStandardHelpOptions = true,
            description = "Remove a module with its twin.",
            footer = {"", "Example: hubwire module delete device1 thermometer"})
    int delete(
            @Parameters(index = "0", paramLabel = "DEVICE") String device,
            @Parameters(index = "1", paramLabel = "MODULE") String module,
            @Option(names = "--etag", paramLabel = "ETAG", description = "Only if the module still has this etag.")
                    @Nullable
                    String etag) {
        Identity identity = Identity.module(device, module);
        try (ServiceClient service = context.clients().service()) {
            service.registry().blocking().deleteModule(identity, IdentityCommand.condition(etag));
            context.answer(
                    Json.object()
                            .put("deviceId", device)
                            .put("moduleId", module)
                            .put("deleted", true),
                    () -> context.terminal().line("deleted " + identity));
            return 0;
        }
    }

    private int show(HubTarget hub, Module module) {
        ObjectNode document = document(hub, module);
        context.answer(document, () -> IdentityText.lines(
                        module, document.path("connectionString").textValue())
                .forEach(context.terminal()::line));
        return 0;
    }

    private static ObjectNode document(HubTarget hub, Module module) {
        ObjectNode document = module.tree();
        module.primaryKey()
                .map(key -> ConnectionString.ofIdentity(hub.host(), module.identity(), key))
                .ifPresent(text -> document.put("connectionString", text.text()));
        return document;
    }
}
