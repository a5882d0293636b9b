package io.hubwire.container;

import com.github.dockerjava.api.exception.DockerException;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.testcontainers.containers.ContainerLaunchException;

/** What is behind a launch that failed: Testcontainers wraps it several times. */
final class LaunchFailure {
    private LaunchFailure() {}

    /** Whether the container engine failed, and not what runs in the container. */
    static boolean isTheEngines(ContainerLaunchException failure) {
        return engineFailure(failure).isPresent();
    }

    /** What the engine said, or else the innermost of the launch failures: it says what happened. */
    static String reason(ContainerLaunchException failure) {
        return engineFailure(failure)
                .or(() -> causes(failure)
                        .filter(ContainerLaunchException.class::isInstance)
                        .reduce((outer, inner) -> inner))
                .map(cause -> String.valueOf(cause.getMessage()))
                .orElse("no reason is known");
    }

    private static Optional<Throwable> engineFailure(ContainerLaunchException failure) {
        return causes(failure).filter(DockerException.class::isInstance).findFirst();
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
    }
}
