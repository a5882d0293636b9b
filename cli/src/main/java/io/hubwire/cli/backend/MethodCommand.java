package io.hubwire.cli.backend;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.cli.context.CliContext;
import io.hubwire.cli.context.CommandFamily;
import io.hubwire.service.MethodCall;
import io.hubwire.service.MethodResult;
import io.hubwire.service.ServiceClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Direct methods from the back end. */
@Command(name = "method", mixinStandardHelpOptions = true, description = "Call direct methods.")
public final class MethodCommand extends CommandFamily {
    private final CliContext context;

    public MethodCommand(CliContext context) {
        this.context = context;
    }

    @Command(
            name = "invoke",
            mixinStandardHelpOptions = true,
            description = "Call a method on a connected device or module and print its answer.",
            footer = {"", "Example: hubwire method invoke device1 reboot '{\"delay\":3}' --connect-timeout 10s"})
    int invoke(
            @Mixin TwinCommand.Whose whose,
            @Parameters(index = "1", paramLabel = "NAME") String name,
            @Parameters(index = "2", paramLabel = "JSON|-", arity = "0..1", description = "Payload; none when absent.")
                    @Nullable
                    String payload,
            @Option(
                            names = "--timeout",
                            paramLabel = "D",
                            defaultValue = "30s",
                            description = "For the device's answer, 5s to 300s. Default 30s.")
                    Duration timeout,
            @Option(
                            names = "--connect-timeout",
                            paramLabel = "D",
                            defaultValue = "0s",
                            description = "How long the hub waits for an absent device, 0s to 300s. Default 0s.")
                    Duration connectTimeout) {
        MethodCall.Builder call = MethodCall.of(name).responseTimeout(timeout).connectTimeout(connectTimeout);
        if (payload != null) {
            call.payload(new String(context.argumentOrInput(payload), StandardCharsets.UTF_8));
        }
        try (ServiceClient service = context.clients().service()) {
            MethodResult result = service.methods().blocking().invoke(whose.identity(), call.build());
            ObjectNode document = JsonNodeFactory.instance.objectNode().put("status", result.status());
            document.set("payload", result.tree());
            context.answer(
                    document, () -> context.terminal().line("status " + result.status() + "  " + result.payload()));
            return 0;
        }
    }
}
