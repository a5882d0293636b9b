package io.hubwire.cli.dps;

import io.hubwire.dps.AllocationPolicy;
import io.hubwire.dps.Enrollment;
import io.hubwire.dps.ReprovisionPolicy;
import io.hubwire.protocol.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What an enrollment may be given, besides how devices prove who they are. */
final class EnrollmentAttributes {
    /** Allocation policies by their names on the wire. */
    enum Allocation {
        hashed(AllocationPolicy.HASHED),
        geoLatency(AllocationPolicy.GEO_LATENCY),
        fixed(AllocationPolicy.STATIC) {
            @Override
            public String toString() {
                return "static";
            }
        },
        custom(AllocationPolicy.CUSTOM);

        private final AllocationPolicy policy;

        Allocation(AllocationPolicy policy) {
            this.policy = policy;
        }
    }

    /** What becomes of a device that registers again. */
    enum Again {
        migrate,
        reset,
        never
    }

    private static final String WEBHOOK_API_VERSION = "2021-10-01";

    @Option(names = "--disable", description = "Registrations end with status disabled.")
    private boolean disable;

    @Option(names = "--enable", description = "The opposite of --disable.")
    private boolean enable;

    @Option(names = "--edge", description = "The devices are IoT Edge devices.")
    private boolean edge;

    @Option(
            names = "--initial-twin",
            paramLabel = "JSON",
            description = "{\"tags\":{…},\"properties\":{\"desired\":{…}}} for the new device.")
    private @Nullable String initialTwin;

    @Option(names = "--iot-hub", paramLabel = "HOST", description = "A linked hub to choose; repeatable. Default all.")
    private List<String> hubs = new ArrayList<>();

    @Option(
            names = "--allocation",
            paramLabel = "hashed|geoLatency|static|custom",
            description = "How one of several hubs is chosen; custom asks --webhook.")
    private @Nullable Allocation allocation;

    @Option(names = "--webhook", paramLabel = "URL", description = "Chooses the hub, with --allocation custom.")
    private @Nullable String webhook;

    @Option(
            names = "--reprovision",
            paramLabel = "migrate|reset|never",
            description = "A device that registers again may change its hub with its twin, without, or not at all.")
    private @Nullable Again again;

    <T extends Enrollment> Enrollment.Builder<T> applyTo(Enrollment.Builder<T> enrollment) {
        if (disable && enable) {
            throw new InvalidInputException("--disable and --enable contradict each other; give one of them");
        }
        if ((allocation == Allocation.custom) != (webhook != null)) {
            throw new InvalidInputException("--allocation custom and --webhook belong together; give both or neither");
        }
        if (disable || enable) {
            enrollment.enabled(enable);
        }
        if (edge) {
            enrollment.edge(true);
        }
        if (initialTwin != null) {
            enrollment.initialTwin(initialTwin);
        }
        if (!hubs.isEmpty()) {
            enrollment.iotHubs(hubs.toArray(String[]::new));
        }
        if (webhook != null) {
            enrollment.customAllocation(webhook, WEBHOOK_API_VERSION);
        } else if (allocation != null) {
            enrollment.allocationPolicy(allocation.policy);
        }
        if (again != null) {
            enrollment.reprovisionPolicy(ReprovisionPolicy.valueOf(again.name().toUpperCase(Locale.ROOT)));
        }
        return enrollment;
    }
}
