package io.hubwire.cli.dps;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.cli.context.CliContext;
import io.hubwire.cli.context.CommandFamily;
import io.hubwire.cli.output.Table;
import io.hubwire.dps.EnrollmentClient;
import io.hubwire.dps.RegistrationState;
import io.hubwire.protocol.json.Json;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** What came of enrollments. */
@Command(name = "registration", mixinStandardHelpOptions = true, description = "Show which device went where.")
final class RegistrationCommand extends CommandFamily {
    private final CliContext context;

    RegistrationCommand(CliContext context) {
        this.context = context;
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Show a device's registration.",
            footer = {"", "Example: hubwire dps registration show sensor-1"})
    int show(@Parameters(paramLabel = "ID") String id, @Mixin DpsAddress address) {
        try (EnrollmentClient client = address.enrollments(context)) {
            context.terminal().document(json(client.registrations().blocking().get(id)));
            return 0;
        }
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "List the registrations of an enrollment group.",
            footer = {"", "Example: hubwire dps registration list sensors"})
    int list(@Parameters(paramLabel = "GROUP") String group, @Mixin DpsAddress address) {
        try (EnrollmentClient client = address.enrollments(context)) {
            List<RegistrationState> all = client.registrations().blocking().list(group);
            ArrayNode array = Json.array();
            all.forEach(state -> array.add(json(state)));
            context.answer(array, () -> {
                Table table = new Table("REGISTRATION", "STATUS", "DEVICE", "HUB");
                all.forEach(state ->
                        table.row(state.registrationId(), state.statusText(), state.deviceId(), state.assignedHub()));
                context.terminal().table(table);
            });
            return 0;
        }
    }

    @Command(
            name = "delete",
            mixinStandardHelpOptions = true,
            description = "Forget a registration; the device is removed from DPS's records only.",
            footer = {"", "Example: hubwire dps registration delete sensor-1"})
    int delete(@Parameters(paramLabel = "ID") String id, @Mixin DpsAddress address) {
        try (EnrollmentClient client = address.enrollments(context)) {
            client.registrations().blocking().delete(id);
            context.answer(Json.object().put("registrationId", id).put("deleted", true), () -> context.terminal()
                    .line("deleted " + id));
            return 0;
        }
    }

    private static ObjectNode json(RegistrationState state) {
        return Json.object()
                .put("registrationId", state.registrationId())
                .put("status", state.statusText())
                .put("substatus", state.substatus())
                .put("assignedHub", state.assignedHub())
                .put("deviceId", state.deviceId())
                .put("etag", state.etag());
    }
}
