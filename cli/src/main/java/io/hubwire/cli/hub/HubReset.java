package io.hubwire.cli.hub;

import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.cli.connect.EnvFile;
import io.hubwire.cli.connect.Targets.HubTarget;
import io.hubwire.cli.context.CliContext;
import io.hubwire.dps.EnrollmentClient;
import io.hubwire.dps.Enrollments;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.json.Json;
import io.hubwire.service.Authentication;
import io.hubwire.service.BulkEntry;
import io.hubwire.service.Device;
import io.hubwire.service.IfMatch;
import io.hubwire.service.ServiceClient;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Makes the running local hub as it was when new. */
@Command(
        name = "reset",
        mixinStandardHelpOptions = true,
        description = "Empty the running local hub: only device1 is left, as new.",
        footer = {
            "",
            "Removes devices, modules, twins, waiting messages, configurations and enrollments; cuts connected",
            "devices. Events stay until their retention ends. Works on a local hub only, whatever --hub says.",
            "Example: hubwire hub reset"
        })
final class HubReset implements Callable<Integer> {
    private static final int BULK = 100;
    private static final int ALL_CONFIGURATIONS = 100;

    private final CliContext context;

    HubReset(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        EnvFile file = HubStop.running(context);
        HubTarget hub = context.targets().hub("local");
        try (ServiceClient service = context.clients().service(hub);
                EnrollmentClient dps =
                        context.clients().enrollments(context.targets().dps(null, null, null))) {
            service.configurations().blocking().list(ALL_CONFIGURATIONS).forEach(c -> service.configurations()
                    .blocking()
                    .delete(c.id(), IfMatch.ANY));
            Optional<Device> readyMade = readyMade(service, file);
            int devices = deleteDevices(service);
            readyMade.ifPresent(device -> service.registry().blocking().create(device));
            int enrollments = clear(dps.individuals()) + clear(dps.groups());
            context.answer(
                    Json.object()
                            .put("devices", devices)
                            .put("enrollments", enrollments)
                            .put("ok", true),
                    () -> context.terminal()
                            .line("removed " + devices + " devices and " + enrollments + " enrollments"
                                    + readyMade
                                            .map(d -> "; " + d.id() + " is new")
                                            .orElse("")));
            return 0;
        }
    }

    /** The device of the env file with the keys it was made with: programs go on using them. */
    private static Optional<Device> readyMade(ServiceClient service, EnvFile file) {
        Optional<ConnectionString> connection =
                file.get("IOTHUB_DEVICE_CONNECTION_STRING").map(ConnectionString::parseDevice);
        return connection.flatMap(ConnectionString::identity).map(identity -> {
            SymmetricKey primary = connection.flatMap(ConnectionString::key).orElse(null);
            SymmetricKey secondary = authentication(service, identity) instanceof Authentication.Sas sas
                            && connection.flatMap(ConnectionString::key).equals(Optional.ofNullable(sas.primary()))
                    ? sas.secondary()
                    : null;
            return Device.builder(identity.deviceId())
                    .authentication(new Authentication.Sas(primary, secondary))
                    .build();
        });
    }

    private static Authentication authentication(ServiceClient service, Identity identity) {
        try {
            return service.registry().blocking().get(identity.device()).authentication();
        } catch (HubwireException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
            return new Authentication.None();
        }
    }

    private static int deleteDevices(ServiceClient service) {
        List<BulkEntry> deletions = service.queries().blocking().stream("SELECT deviceId FROM devices")
                .map(row -> Identity.device(row.path("deviceId").asText()))
                .map(identity -> BulkEntry.delete(identity, IfMatch.ANY))
                .toList();
        for (int from = 0; from < deletions.size(); from += BULK) {
            service.registry().blocking().bulk(deletions.subList(from, Math.min(from + BULK, deletions.size())));
        }
        return deletions.size();
    }

    private static int clear(Enrollments<?> enrollments) {
        var all = enrollments.blocking().list(Enrollments.ALL);
        all.forEach(enrollment -> enrollments.blocking().delete(enrollment.id()));
        return all.size();
    }
}
