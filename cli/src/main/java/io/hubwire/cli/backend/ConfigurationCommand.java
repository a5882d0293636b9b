package io.hubwire.cli.backend;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.hubwire.cli.context.CliContext;
import io.hubwire.cli.context.CommandFamily;
import io.hubwire.cli.output.Table;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.json.Json;
import io.hubwire.service.Configuration;
import io.hubwire.service.ServiceClient;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Automatic device configurations and Edge deployments. */
@Command(
        name = "configuration",
        mixinStandardHelpOptions = true,
        description = "Manage automatic device configurations and Edge deployments.")
public final class ConfigurationCommand extends CommandFamily {
    /** As many as a hub has. */
    private static final int ALL = 100;

    private final CliContext context;

    public ConfigurationCommand(CliContext context) {
        this.context = context;
    }

    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description = "Create a configuration; the hub applies it to all devices that fit.",
            footer = {
                "",
                "Example: hubwire configuration create fans --target \"tags.floor = 2\" --priority 10 \\",
                "           '{\"deviceContent\":{\"properties.desired.fan\":{\"speed\":3}}}'"
            })
    int create(
            @Parameters(index = "0", paramLabel = "ID") String id,
            @Parameters(
                            index = "1",
                            paramLabel = "CONTENT|-",
                            description =
                                    "{\"deviceContent\":{…}}, {\"modulesContent\":{…}} or {\"moduleContent\":{…}}.")
                    String content,
            @Mixin Attributes attributes) {
        Configuration.Builder fresh = Configuration.builder(id);
        try {
            fresh.member("content", Json.parseObject("content", context.argumentText(content)));
        } catch (RemoteProtocolException notJson) {
            throw new InvalidInputException(String.valueOf(notJson.getMessage()), notJson);
        }
        try (ServiceClient service = context.clients().service()) {
            return print(service.configurations()
                    .blocking()
                    .create(attributes.applyTo(fresh).build()));
        }
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Show a configuration with its metrics.",
            footer = {"", "Example: hubwire configuration show fans"})
    int show(@Parameters(paramLabel = "ID") String id) {
        try (ServiceClient service = context.clients().service()) {
            return print(service.configurations().blocking().get(id));
        }
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "List configurations.",
            footer = {"", "Example: hubwire configuration list"})
    int list() {
        try (ServiceClient service = context.clients().service()) {
            List<Configuration> all = service.configurations().blocking().list(ALL);
            ArrayNode array = Json.array();
            all.forEach(configuration -> array.add(configuration.tree()));
            context.answer(array, () -> {
                Table table = new Table("ID", "PRIORITY", "TARGET", "TARGETED", "APPLIED", "UPDATED");
                for (Configuration configuration : all) {
                    Map<String, Long> metrics = configuration.systemMetrics();
                    table.row(
                            configuration.id(),
                            configuration.priority(),
                            configuration.targetCondition(),
                            metrics.get("targetedCount"),
                            metrics.get("appliedCount"),
                            configuration
                                    .lastUpdatedTime()
                                    .map(Instant::toString)
                                    .orElse(null));
                }
                context.terminal().table(table);
            });
            return 0;
        }
    }

    @Command(
            name = "update",
            mixinStandardHelpOptions = true,
            description = "Change target, priority, labels or metrics; content never changes.",
            footer = {"", "Example: hubwire configuration update fans --priority 20"})
    int update(
            @Parameters(paramLabel = "ID") String id,
            @Mixin Attributes attributes,
            @Option(names = "--etag", paramLabel = "ETAG", description = "Only if it still has this etag.") @Nullable
                    String etag) {
        try (ServiceClient service = context.clients().service()) {
            Configuration now = service.configurations().blocking().get(id);
            return print(service.configurations()
                    .blocking()
                    .update(attributes.applyTo(now.toBuilder()).build(), IdentityCommand.condition(etag)));
        }
    }

    @Command(
            name = "delete",
            mixinStandardHelpOptions = true,
            description = "Remove a configuration; what it wrote into twins stays.",
            footer = {"", "Example: hubwire configuration delete fans"})
    int delete(
            @Parameters(paramLabel = "ID") String id,
            @Option(names = "--etag", paramLabel = "ETAG", description = "Only if it still has this etag.") @Nullable
                    String etag) {
        try (ServiceClient service = context.clients().service()) {
            service.configurations().blocking().delete(id, IdentityCommand.condition(etag));
            context.answer(Json.object().put("id", id).put("deleted", true), () -> context.terminal()
                    .line("deleted " + id));
            return 0;
        }
    }

    private int print(Configuration configuration) {
        context.terminal().document(configuration.tree()); // a configuration is JSON to people too
        return 0;
    }

    /** What may be changed after creation. */
    static final class Attributes {
        @Option(names = "--target", paramLabel = "CONDITION", description = "The devices: the WHERE part of a query.")
        private @Nullable String target;

        @Option(names = "--priority", paramLabel = "N", description = "The highest wins. Default 0.")
        private @Nullable Integer priority;

        @Option(names = "--label", paramLabel = "K=V", description = "Repeatable.")
        private Map<String, String> labels = Map.of();

        @Option(names = "--metric", paramLabel = "NAME=QUERY", description = "A count of your own; repeatable.")
        private Map<String, String> metrics = Map.of();

        Configuration.Builder applyTo(Configuration.Builder configuration) {
            if (target != null) {
                configuration.targetCondition(target);
            }
            if (priority != null) {
                configuration.priority(priority);
            }
            labels.forEach(configuration::label);
            metrics.forEach(configuration::metric);
            return configuration;
        }
    }
}
