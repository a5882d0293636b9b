package io.hubwire.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.exception.InternalServerErrorException;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.ContainerLaunchException;

class LaunchFailureTest {
    @Test
    void the_innermost_launch_failure_says_what_happened() {
        var failure = new ContainerLaunchException(
                "Container startup failed",
                new RuntimeException(
                        "Retry limit hit",
                        new ContainerLaunchException(
                                "Could not create/start container",
                                new ContainerLaunchException("[eight] is no port", new RuntimeException("a detail")))));
        assertThat(LaunchFailure.reason(failure)).isEqualTo("[eight] is no port");
        assertThat(LaunchFailure.isTheEngines(failure)).isFalse();
    }

    @Test
    void what_the_engine_said_goes_before_that() {
        var failure = new ContainerLaunchException(
                "Could not create/start container", new InternalServerErrorException("no open port"));
        assertThat(LaunchFailure.reason(failure)).contains("no open port");
        assertThat(LaunchFailure.isTheEngines(failure)).isTrue();
    }
}
