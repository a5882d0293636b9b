package io.hubwire.cli.dps;

import io.hubwire.cli.connect.Targets.DpsTarget;
import io.hubwire.cli.context.CliContext;
import io.hubwire.dps.EnrollmentClient;
import io.hubwire.protocol.InvalidInputException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which DPS a command means. */
final class DpsAddress {
    @Option(names = "--dps-host", paramLabel = "HOST", description = "Else DPS_HOST, else the local hub's.")
    @Nullable
    String host;

    @Option(names = "--id-scope", paramLabel = "SCOPE", description = "Else DPS_ID_SCOPE, else the local hub's.")
    @Nullable
    String idScope;

    DpsTarget target(CliContext context) {
        return context.targets().dps(context.dpsOption(), host, idScope);
    }

    /** @throws InvalidInputException when no scope is known */
    static String scope(DpsTarget dps) {
        return dps.idScope()
                .orElseThrow(() -> new InvalidInputException("no id scope is known; give --id-scope or DPS_ID_SCOPE"));
    }

    /** The service API. @throws InvalidInputException when no service connection string is known */
    EnrollmentClient enrollments(CliContext context) {
        return context.clients().enrollments(target(context));
    }
}
