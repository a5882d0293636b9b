package io.hubwire.cli.dps;

import io.hubwire.auth.GroupKey;
import io.hubwire.auth.RegistrationId;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.cli.context.CliContext;
import io.hubwire.cli.context.CommandFamily;
import io.hubwire.dps.EnrollmentClient;
import io.hubwire.protocol.json.Json;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The family of commands around the Device Provisioning Service. */
@Command(name = "dps", mixinStandardHelpOptions = true, description = "Register devices, manage enrollments.")
public final class DpsCommand extends CommandFamily {
    private final CliContext context;

    private DpsCommand(CliContext context) {
        this.context = context;
    }

    /** This family with its members. */
    public static CommandLine with(CliContext context) {
        return new CommandLine(new DpsCommand(context))
                .addSubcommand(new DpsRegister(context))
                .addSubcommand(new CommandLine(
                        new EnrollmentCommand<>(context, EnrollmentFamily.INDIVIDUAL, EnrollmentClient::individuals)))
                .addSubcommand(new CommandLine(
                                new EnrollmentCommand<>(context, EnrollmentFamily.GROUP, EnrollmentClient::groups))
                        .setCommandName("enrollment-group"))
                .addSubcommand(new RegistrationCommand(context));
    }

    @Command(
            name = "derive-key",
            mixinStandardHelpOptions = true,
            description = "Derive a device's key from the key of its enrollment group.",
            footer = {"", "Example: hubwire dps derive-key --group-key K --registration-id sensor-1"})
    int deriveKey(
            @Option(names = "--group-key", paramLabel = "BASE64", required = true) String groupKey,
            @Option(names = "--registration-id", paramLabel = "R", required = true) String registrationId) {
        SymmetricKey derived =
                GroupKey.deriveDeviceKey(SymmetricKey.ofBase64(groupKey), new RegistrationId(registrationId));
        context.answer(
                Json.object().put("registrationId", registrationId).put("deviceKey", derived.base64()),
                () -> context.terminal().line(derived.base64()));
        return 0;
    }
}
