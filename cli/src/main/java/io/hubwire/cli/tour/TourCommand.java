package io.hubwire.cli.tour;

import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.TlsTrust;
import io.hubwire.cli.connect.Endpoints;
import io.hubwire.cli.connect.Targets.DpsTarget;
import io.hubwire.cli.connect.Targets.HubTarget;
import io.hubwire.cli.context.CliContext;
import io.hubwire.cli.output.ExitCode;
import io.hubwire.https.ScheduledTimer;
import io.hubwire.localhub.LocalHub;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The product's main job, told step by step. */
@Command(
        name = "tour",
        mixinStandardHelpOptions = true,
        description = "Play the five tutorials on an embedded hub with free ports, or on the hub named by --hub.",
        footer = {
            "",
            "Leaves nothing behind. Exit code 0 only when every step was done.",
            "Example: hubwire tour --trace",
            "         hubwire tour --hub 'HostName=…' --dps 'HostName=…' --id-scope 0ne…"
        })
public final class TourCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final CliContext context;

    @Option(names = "--id-scope", paramLabel = "SCOPE", description = "Of the DPS, with --dps. Else DPS_ID_SCOPE.")
    private @Nullable String idScope;

    public TourCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        SecureRandom random = new SecureRandom();
        byte[] suffix = new byte[3];
        random.nextBytes(suffix);
        String prefix = "tour-" + HexFormat.of().formatHex(suffix) + "-";
        Instant start = context.clock().instant();
        TourReport report;
        try (ScheduledTimer timer = new ScheduledTimer("hubwire-tour-timer")) {
            if (context.hubOption() != null) {
                HubTarget hub = context.hub();
                DpsTarget dps = context.targets().dps(context.dpsOption(), null, idScope);
                report = play(new Stage(
                        hub.host(), hub, dps, prefix, PATIENCE, context.clock(), timer, random, context.trace()));
            } else {
                tell("starting a local hub in this process …");
                try (LocalHub hub = LocalHub.start()) {
                    tell("it listens on " + hub.host() + ": MQTT " + hub.mqttPort() + ", HTTPS " + hub.httpsPort()
                            + ", AMQP " + hub.amqpPort());
                    report = play(embedded(hub, prefix, timer, random));
                }
            }
        }
        Duration took = Duration.between(start, context.clock().instant());
        context.answer(report.json(), () -> summary(report, took));
        return report.ok() ? ExitCode.DONE.code() : ExitCode.FAILED.code();
    }

    private TourReport play(Stage stage) throws InterruptedException {
        return new Tour(stage, this::tell).play();
    }

    private Stage embedded(LocalHub hub, String prefix, ScheduledTimer timer, SecureRandom random) {
        Endpoints endpoints =
                new Endpoints(hub.mqttPort(), hub.httpsPort(), hub.amqpPort(), TlsTrust.pem(hub.caFile()), true);
        return new Stage(
                "embedded",
                new HubTarget(ConnectionString.parse(hub.connectionString("iothubowner")), endpoints),
                new DpsTarget(
                        hub.host(),
                        Optional.of(ConnectionString.parse(hub.dpsConnectionString())),
                        Optional.of(hub.idScope()),
                        endpoints),
                prefix,
                PATIENCE,
                context.clock(),
                timer,
                random,
                context.trace());
    }

    /** The story is for people; with JSON, standard output holds the one document and nothing else. */
    private void tell(String line) {
        if (!context.json()) {
            context.terminal().line(line);
        }
    }

    private void summary(TourReport report, Duration took) {
        long done = report.steps().stream().filter(StepResult::ok).count();
        tell("");
        tell(String.format(
                "%d of %d steps done on %s in %.1f s",
                done, report.steps().size(), report.hub(), took.toMillis() / 1000.0));
        if (report.ok()) {
            tell("Next: hubwire hub start, then hubwire monitor and hubwire device simulate in other terminals;");
            tell("      --trace shows every packet and request of this tour.");
        }
    }
}
