package io.hubwire.cli.backend;

import io.hubwire.cli.context.CliContext;
import io.hubwire.cli.context.CommandFamily;
import io.hubwire.protocol.Identity;
import io.hubwire.service.ServiceClient;
import io.hubwire.service.Twin;
import io.hubwire.service.TwinUpdate;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Twins as the back end sees them. */
@Command(name = "twin", mixinStandardHelpOptions = true, description = "Show and change device and module twins.")
public final class TwinCommand extends CommandFamily {
    private final CliContext context;

    public TwinCommand(CliContext context) {
        this.context = context;
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Show a twin.",
            footer = {"", "Example: hubwire twin show device1"})
    int show(@Mixin Whose whose) {
        try (ServiceClient service = context.clients().service()) {
            return print(service.twins().blocking().get(whose.identity()));
        }
    }

    @Command(
            name = "update",
            mixinStandardHelpOptions = true,
            description = "Merge tags and desired properties; null removes a key.",
            footer = {"", "Example: hubwire twin update device1 '{\"properties\":{\"desired\":{\"interval\":5}}}'"})
    int update(@Mixin Change change) {
        try (ServiceClient service = context.clients().service()) {
            return print(service.twins()
                    .blocking()
                    .patch(change.identity(), change.read(context), IdentityCommand.condition(change.etag)));
        }
    }

    @Command(
            name = "replace",
            mixinStandardHelpOptions = true,
            description = "Replace tags and desired properties as a whole.",
            footer = {"", "Example: hubwire twin replace device1 '{\"tags\":{},\"properties\":{\"desired\":{}}}'"})
    int replace(@Mixin Change change) {
        try (ServiceClient service = context.clients().service()) {
            return print(service.twins()
                    .blocking()
                    .replace(change.identity(), change.read(context), IdentityCommand.condition(change.etag)));
        }
    }

    private int print(Twin twin) {
        context.terminal().document(twin.tree()); // a twin is JSON to people too
        return 0;
    }

    /** A device, or a module on it. */
    static class Whose {
        @Parameters(index = "0", paramLabel = "DEVICE")
        String device = "";

        @Option(
                names = {"-m", "--module"},
                paramLabel = "MODULE",
                description = "A module of the device.")
        @Nullable
        String module;

        Identity identity() {
            return module == null ? Identity.device(device) : Identity.module(device, module);
        }
    }

    /** What to write into whose twin, and on which condition. */
    static final class Change extends Whose {
        @Parameters(
                index = "1",
                paramLabel = "JSON|-",
                defaultValue = "-",
                description = "Standard input when - or absent.")
        String json = "-";

        @Option(names = "--etag", paramLabel = "ETAG", description = "Only if the twin still has this etag.")
        @Nullable
        String etag;

        TwinUpdate read(CliContext context) {
            return TwinUpdate.parse(new String(context.argumentOrInput(json), StandardCharsets.UTF_8));
        }
    }
}
