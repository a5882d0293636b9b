package io.hubwire.cli.tour;

import java.util.Locale;

/** The steps of the tour in order; the names are a promise to scripts. */
public enum Step {
    CREATE_IDENTITY(Tutorial.IDENTITY),
    SHOW_IDENTITY(Tutorial.IDENTITY),
    SEND_TELEMETRY(Tutorial.SIMULATED_DEVICE),
    MONITOR_EVENTS(Tutorial.MONITOR),
    SEND_C2D(Tutorial.CLOUD_TO_DEVICE),
    RECEIVE_C2D(Tutorial.CLOUD_TO_DEVICE),
    C2D_FEEDBACK(Tutorial.CLOUD_TO_DEVICE),
    DPS_ENROLL(Tutorial.SENSOR),
    DPS_REGISTER(Tutorial.SENSOR),
    SEND_PROVISIONED_TELEMETRY(Tutorial.SENSOR),
    REPORT_STARTUP_PROPERTIES(Tutorial.SENSOR),
    COMMAND_BLINK(Tutorial.SENSOR),
    COMMAND_RUNDIAGNOSTICS(Tutorial.SENSOR),
    COMMAND_TURNON(Tutorial.SENSOR),
    COMMAND_TURNOFF(Tutorial.SENSOR),
    DESIRED_NAME(Tutorial.SENSOR),
    DESIRED_BRIGHTNESS(Tutorial.SENSOR),
    CLEAN_UP(Tutorial.CLEAN_UP);

    /** The tutorials the steps belong to, with their headings. */
    public enum Tutorial {
        IDENTITY("1. Create a device identity (service REST)"),
        SIMULATED_DEVICE("2. A simulated device sends wind speeds (MQTT over TLS)"),
        MONITOR("3. The back end monitors events (AMQP)"),
        CLOUD_TO_DEVICE("4. Cloud-to-device messages with feedback (AMQP, MQTT)"),
        SENSOR("5. A provisioned environmental sensor (DPS over HTTPS, MQTT, service REST)"),
        CLEAN_UP("Clean up");

        private final String heading;

        Tutorial(String heading) {
            this.heading = heading;
        }

        public String heading() {
            return heading;
        }
    }

    private final Tutorial tutorial;

    Step(Tutorial tutorial) {
        this.tutorial = tutorial;
    }

    public Tutorial tutorial() {
        return tutorial;
    }

    /** The {@code name} in JSON: {@code create-identity}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
