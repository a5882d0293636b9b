package io.hubwire.cli.hub;

import io.hubwire.localhub.engine.EngineOptions;
import io.hubwire.localhub.throttling.Quota;
import io.hubwire.localhub.throttling.Tier;
import io.hubwire.protocol.InvalidInputException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a user may change about the hub itself. */
final class EngineChoice {
    @Option(names = "--partitions", paramLabel = "N", description = "Of the event endpoint, 1 to 32. Default 4.")
    @Nullable
    Integer partitions;

    @Option(names = "--retention", paramLabel = "D", description = "How long events are kept, 1m to 7d. Default 1d.")
    @Nullable
    Duration retention;

    @Option(
            names = "--c2d-ttl",
            paramLabel = "D",
            description = "Life of a C2D message without an expiry of its own, 1m to 2d. Default 1h.")
    @Nullable
    Duration c2dTtl;

    @Option(
            names = "--c2d-max-delivery",
            paramLabel = "N",
            description = "Abandons after which a C2D message is dead lettered, 1 to 100. Default 10.")
    @Nullable
    Integer c2dMaxDelivery;

    @Option(
            names = "--quota",
            paramLabel = "TIER",
            completionCandidates = Tiers.class,
            description = "Throttle like one unit of a tier, and count messages a day: F1, S1, S2, S3. Default none.")
    @Nullable
    String quota;

    /** What {@code --quota} takes. */
    static final class Tiers extends ArrayList<String> {
        private static final long serialVersionUID = 1L;
        private static final String NONE = "none";

        Tiers() {
            add(NONE);
            Stream.of(Tier.values()).map(Tier::name).forEach(this::add);
        }
    }

    EngineOptions applyTo(EngineOptions options) {
        EngineOptions.Events events = options.events();
        EngineOptions.C2d c2d = options.c2d();
        return options.withEvents(events.withPartitions(number("--partitions", partitions, 1, 32, events.partitions()))
                        .withRetention(time(
                                "--retention",
                                retention,
                                Duration.ofMinutes(1),
                                Duration.ofDays(7),
                                events.retention())))
                .withC2d(new EngineOptions.C2d(
                        c2d.maxMessages(),
                        time("--c2d-ttl", c2dTtl, Duration.ofMinutes(1), Duration.ofDays(2), c2d.timeToLive()),
                        c2d.lock(),
                        number("--c2d-max-delivery", c2dMaxDelivery, 1, 100, c2d.maxDeliveryCount()),
                        c2d.countLockTimeouts()))
                .withQuota(quota());
    }

    private @Nullable Quota quota() {
        if (quota == null || quota.equals(Tiers.NONE)) {
            return null;
        }
        return Stream.of(Tier.values())
                .filter(tier -> tier.name().equals(quota))
                .map(Quota::of)
                .findFirst()
                .orElseThrow(() -> new InvalidInputException("--quota [" + quota + "] must be one of " + new Tiers()));
    }

    private static int number(String option, @Nullable Integer asked, int least, int most, int otherwise) {
        if (asked != null && (asked < least || asked > most)) {
            throw new InvalidInputException(option + " [" + asked + "] must be " + least + " to " + most);
        }
        return asked != null ? asked : otherwise;
    }

    private static Duration time(
            String option, @Nullable Duration asked, Duration least, Duration most, Duration otherwise) {
        if (asked != null && (asked.compareTo(least) < 0 || asked.compareTo(most) > 0)) {
            throw new InvalidInputException(option + " [" + asked.toSeconds() + "s] must be " + least.toSeconds()
                    + "s to " + most.toSeconds() + "s");
        }
        return asked != null ? asked : otherwise;
    }
}
