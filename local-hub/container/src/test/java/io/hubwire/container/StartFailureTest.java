package io.hubwire.container;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The lines are HiveMQ CE 2025.5's own. */
class StartFailureTest {
    private static final String STARTED = "2026-11-21 06:54:22,873 INFO  - Started HiveMQ in 2867ms\n";

    @Test
    void the_reason_an_extension_gives_is_told() {
        String log = "2026-11-21 06:54:22,700 INFO  - Startup of extension with id \"hubwire\" was prevented by the"
                + " extension itself, reason: variable [HUBWIRE_MQTT_PORT]: [x] is no port. Extension will be disabled.\n";
        assertThat(StartFailure.in(log + STARTED)).contains("variable [HUBWIRE_MQTT_PORT]: [x] is no port");
    }

    @Test
    void an_exception_is_told_with_its_message() {
        String log = "2026-11-21 06:54:22,700 ERROR - Extension with id \"hubwire\" cannot be started because of an"
                + " uncaught exception thrown by the extension. Extension will be disabled.\n"
                + "java.lang.IllegalStateException: port [8883] is in use\n"
                + "\tat io.hubwire.localhub.Anything.start(Anything.java:1)\n";
        assertThat(StartFailure.in(log + STARTED).orElseThrow())
                .startsWith("Extension with id")
                .endsWith("java.lang.IllegalStateException: port [8883] is in use");
    }

    @Test
    void classes_that_do_not_fit_are_told() {
        String log = "2026-11-21 07:07:22,742 ERROR - An error occurred while searching the implementations for the"
                + " extension hubwire. The extension will be disabled. NoClassDefFoundError : io/hubwire/Missing\n";
        assertThat(StartFailure.in(log).orElseThrow()).contains("NoClassDefFoundError : io/hubwire/Missing");
    }

    @Test
    void a_broker_that_started_without_it_is_told_although_nothing_was_logged() {
        assertThat(StartFailure.in(STARTED)).isPresent();
    }

    @Test
    void a_start_that_is_under_way_or_has_succeeded_is_no_failure() {
        String other = "2026-11-21 06:54:22,700 WARN  - Startup of extension with id \"other\" was prevented by the"
                + " extension itself, reason: no. Extension will be disabled.\n";
        assertThat(StartFailure.in("")).isEmpty();
        assertThat(StartFailure.in(other)).isEmpty();
        assertThat(StartFailure.in(other
                        + "2026-11-21 06:54:22,800 INFO  - Extension \"Hubwire local hub\" version 0.1.0 started"
                        + " successfully.\n"
                        + "2026-11-21 06:54:22,850 WARN  - extension hub says something\n"
                        + STARTED))
                .isEmpty();
    }
}
