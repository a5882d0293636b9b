package io.hubwire.cli.dps;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.cli.context.CliContext;
import io.hubwire.cli.context.CommandFamily;
import io.hubwire.cli.output.Table;
import io.hubwire.cli.registry.SymmetricKeysJson;
import io.hubwire.dps.AttestationMechanism;
import io.hubwire.dps.Enrollment;
import io.hubwire.dps.EnrollmentClient;
import io.hubwire.dps.Enrollments;
import io.hubwire.protocol.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Enrollments of single devices, and of groups: the same verbs for both. */
@Command(name = "enrollment", mixinStandardHelpOptions = true, description = "Manage enrollments: who may register.")
final class EnrollmentCommand<E extends Enrollment> extends CommandFamily {
    private final CliContext context;
    private final EnrollmentFamily<E> family;
    private final Function<EnrollmentClient, Enrollments<E>> part;

    EnrollmentCommand(CliContext context, EnrollmentFamily<E> family, Function<EnrollmentClient, Enrollments<E>> part) {
        this.context = context;
        this.family = family;
        this.part = part;
    }

    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description = "Enroll by symmetric key (DPS makes it unless you bring one), certificate or chip.",
            footer = {
                "",
                "Example: hubwire dps enrollment create sensor-1",
                "Example: hubwire dps enrollment-group create factory --ca-cert root.pem --iot-hub a.example --allocation static"
            })
    int create(
            @Parameters(paramLabel = "ID") String id,
            @Mixin DpsAddress address,
            @Mixin EnrollmentAttributes attributes,
            @Option(names = "--device-id", paramLabel = "DEVICE", description = "Default: the registration id.")
                    @Nullable
                    String deviceId,
            @Mixin AttestationChoice attestation) {
        AttestationMechanism chosen = attestation.chosen(family == EnrollmentFamily.GROUP);
        try (EnrollmentClient client = address.enrollments(context)) {
            E made = part.apply(client)
                    .blocking()
                    .create(attributes
                            .applyTo(family.start(id, chosen, deviceId))
                            .build());
            return show(client, made);
        }
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Show one enrollment with its keys.",
            footer = {
                "",
                "Example: hubwire dps enrollment show sensor-1",
                "Example: hubwire dps enrollment-group show sensors"
            })
    int show(@Parameters(paramLabel = "ID") String id, @Mixin DpsAddress address) {
        try (EnrollmentClient client = address.enrollments(context)) {
            return show(client, part.apply(client).blocking().get(id));
        }
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "List enrollments.",
            footer = {"", "Example: hubwire dps enrollment list", "Example: hubwire dps enrollment-group list"})
    int list(@Mixin DpsAddress address) {
        try (EnrollmentClient client = address.enrollments(context)) {
            List<E> all = part.apply(client).blocking().list(Enrollments.ALL);
            ArrayNode array = Json.array();
            all.forEach(e -> array.add(Json.parseObject("enrollment", e.json())));
            context.answer(array, () -> {
                Table table = new Table("ID", "STATUS", "LAST UPDATED");
                all.forEach(e -> table.row(
                        e.id(),
                        e.isEnabled() ? "enabled" : "disabled",
                        e.lastUpdated().map(Instant::toString).orElse("never")));
                context.terminal().table(table);
            });
            return 0;
        }
    }

    @Command(
            name = "update",
            mixinStandardHelpOptions = true,
            description = "Enable, disable, send elsewhere, or give another initial twin.",
            footer = {
                "",
                "Example: hubwire dps enrollment update sensor-1 --disable",
                "Example: hubwire dps enrollment-group update sensors --enable"
            })
    int update(
            @Parameters(paramLabel = "ID") String id,
            @Mixin DpsAddress address,
            @Mixin EnrollmentAttributes attributes) {
        try (EnrollmentClient client = address.enrollments(context)) {
            E now = part.apply(client).blocking().get(id);
            return show(
                    client,
                    part.apply(client)
                            .blocking()
                            .update(attributes.applyTo(family.change(now)).build()));
        }
    }

    @Command(
            name = "delete",
            mixinStandardHelpOptions = true,
            description = "Remove an enrollment; registered devices stay where they are.",
            footer = {
                "",
                "Example: hubwire dps enrollment delete sensor-1",
                "Example: hubwire dps enrollment-group delete sensors"
            })
    int delete(@Parameters(paramLabel = "ID") String id, @Mixin DpsAddress address) {
        try (EnrollmentClient client = address.enrollments(context)) {
            part.apply(client).blocking().delete(id);
            context.answer(Json.object().put("id", id).put("deleted", true), () -> context.terminal()
                    .line("deleted " + id));
            return 0;
        }
    }

    private int show(EnrollmentClient client, E enrollment) {
        ObjectNode document = Json.parseObject("enrollment", enrollment.json());
        AttestationMechanism attestation = part.apply(client).blocking().attestation(enrollment.id());
        if (attestation instanceof AttestationMechanism.SymmetricKeys keys) {
            document.set("attestation", SymmetricKeysJson.of(keys));
        }
        context.terminal().document(document); // an enrollment is JSON to people too
        return 0;
    }
}
