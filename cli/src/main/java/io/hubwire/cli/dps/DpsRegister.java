package io.hubwire.cli.dps;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.auth.X509Identity;
import io.hubwire.cli.connect.SavedDevice;
import io.hubwire.cli.connect.Targets.DpsTarget;
import io.hubwire.cli.context.CliContext;
import io.hubwire.dps.Assignment;
import io.hubwire.dps.Attestation;
import io.hubwire.dps.ProvisioningClient;
import io.hubwire.dps.ProvisioningOptions;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Registers a device and tells the hub it was assigned to. */
@Command(
        name = "register",
        mixinStandardHelpOptions = true,
        description = "Register a device over HTTPS; prints the hub it was assigned to.",
        footer = {"", "Example: hubwire dps register --registration-id sensor-1 --key K"})
final class DpsRegister implements Callable<Integer> {
    private final CliContext context;

    @Mixin
    private DpsAddress address = new DpsAddress();

    @Option(names = "--registration-id", paramLabel = "R", description = "Needed unless a certificate names it.")
    private @Nullable String registrationId;

    @Option(
            names = "--key",
            paramLabel = "BASE64",
            description = "The key of an individual enrollment, or a derived one.")
    private @Nullable String key;

    @Option(
            names = "--group-key",
            paramLabel = "BASE64",
            description = "The key of an enrollment group; ours is derived.")
    private @Nullable String groupKey;

    @Option(names = "--cert", paramLabel = "PEM", description = "Certificate chain, leaf first.")
    private @Nullable Path certificate;

    @Option(names = "--cert-key", paramLabel = "PEM", description = "Private key of the certificate.")
    private @Nullable Path certificateKey;

    @Option(names = "--payload", paramLabel = "JSON|-", description = "Handed to the custom allocation, or a model id.")
    private @Nullable String payload;

    @Option(names = "--timeout", paramLabel = "D", defaultValue = "5m", description = "Default 5m.")
    private Duration timeout = Duration.ofMinutes(5);

    @Option(
            names = "--save",
            description = "Keep the device's connection string: device commands use it until another one is named.")
    private boolean save;

    DpsRegister(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        DpsTarget dps = address.target(context);
        Attestation attestation = attestation();
        ProvisioningOptions options = ProvisioningOptions.of(DpsAddress.scope(dps), attestation)
                .host(dps.host())
                .limit(timeout)
                .https(https -> https.port(dps.endpoints().httpsPort())
                        .trust(dps.endpoints().trust())
                        .trace(context.trace()))
                .build();
        try (ProvisioningClient client = ProvisioningClient.open(options)) {
            String body = payload == null ? null : new String(context.argumentOrInput(payload), StandardCharsets.UTF_8);
            Assignment assigned = client.blocking().register(body);
            Optional<ConnectionString> connection = connectionString(assigned, attestation);
            if (save) {
                SavedDevice.at(context.userHome())
                        .write(connection.orElseThrow(() -> new InvalidInputException(
                                "--save needs a symmetric key; a certificate makes no connection string")));
            }
            ObjectNode document = Json.object()
                    .put("status", assigned.state().statusText())
                    .put("assignedHub", assigned.hubHostName())
                    .put("deviceId", assigned.deviceId())
                    .put("substatus", assigned.state().substatus())
                    .put(
                            "connectionString",
                            connection.map(ConnectionString::text).orElse(null));
            context.answer(document, () -> {
                context.terminal().line("assigned " + assigned.deviceId() + " to " + assigned.hubHostName());
                connection.ifPresent(c -> context.terminal().line(c.text()));
            });
            return 0;
        }
    }

    private Attestation attestation() {
        int ways = (key != null ? 1 : 0) + (groupKey != null ? 1 : 0) + (certificate != null ? 1 : 0);
        if (ways != 1) {
            throw new InvalidInputException("give exactly one of --key, --group-key and --cert with --cert-key");
        }
        if (certificate != null) {
            if (certificateKey == null) {
                throw new InvalidInputException("--cert needs --cert-key, the certificate's private key");
            }
            return Attestation.ofCertificate(X509Identity.pem(certificate, certificateKey, null));
        }
        if (registrationId == null) {
            throw new InvalidInputException("--registration-id is missing; only a certificate names one by itself");
        }
        return key != null
                ? Attestation.ofKey(registrationId, SymmetricKey.ofBase64(key))
                : Attestation.ofGroupKey(registrationId, SymmetricKey.ofBase64(String.valueOf(groupKey)));
    }

    private static Optional<ConnectionString> connectionString(Assignment assigned, Attestation attestation) {
        return attestation instanceof Attestation.DeviceKey device
                ? Optional.of(ConnectionString.ofIdentity(
                        assigned.hubHostName(), Identity.device(assigned.deviceId()), device.key()))
                : Optional.empty();
    }
}
