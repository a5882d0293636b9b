package io.hubwire.cli.context;

import io.hubwire.cli.output.Format;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** What every command understands. */
public final class GlobalOptions {
    @Option(
            names = "--hub",
            scope = ScopeType.INHERIT,
            paramLabel = "CONNSTR",
            description = "The hub's connection string, or 'local' to insist on the running local hub."
                    + " Else IOTHUB_CONNECTION_STRING, else the local hub's env file.")
    @Nullable
    String hub;

    @Option(
            names = "--dps",
            scope = ScopeType.INHERIT,
            paramLabel = "CONNSTR",
            description = "The DPS service connection string. Else DPS_CONNECTION_STRING, else the env file.")
    @Nullable
    String dps;

    @Option(
            names = "--mqtt-port",
            scope = ScopeType.INHERIT,
            paramLabel = "PORT",
            description = "MQTT over TLS. Default 8883.")
    @Nullable
    Integer mqttPort;

    @Option(
            names = "--https-port",
            scope = ScopeType.INHERIT,
            paramLabel = "PORT",
            description = "HTTPS and WebSockets. Default 443; 8443 for hub start.")
    @Nullable
    Integer httpsPort;

    @Option(
            names = "--amqp-port",
            scope = ScopeType.INHERIT,
            paramLabel = "PORT",
            description = "AMQP over TLS. Default 5671.")
    @Nullable
    Integer amqpPort;

    @Option(
            names = "--ca-file",
            scope = ScopeType.INHERIT,
            paramLabel = "PEM",
            description = "Trust these certificates in addition to the platform's.")
    @Nullable
    Path caFile;

    @Option(
            names = {"-o", "--output"},
            scope = ScopeType.INHERIT,
            paramLabel = "text|json",
            defaultValue = "text",
            description = "What standard output carries. Default text.")
    Format output = Format.text;

    @Option(
            names = "--trace",
            scope = ScopeType.INHERIT,
            description = "Print every packet and request, decoded, secrets masked, on standard error.")
    boolean trace;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Log more on standard error; -vv for still more.")
    boolean[] verbose = new boolean[0];

    @Option(
            names = "--log-level",
            scope = ScopeType.INHERIT,
            paramLabel = "LEVEL",
            description = "error, warn, info, debug or trace. Default warn.")
    @Nullable
    LogLevel logLevel;

    /** How much is logged. */
    enum LogLevel {
        error,
        warn,
        info,
        debug,
        trace
    }

    /** The level these options ask for. */
    public String level() {
        LogLevel level = logLevel;
        if (level == null) {
            level = switch (verbose.length) {
                case 0 -> LogLevel.warn;
                case 1 -> LogLevel.info;
                default -> LogLevel.debug;
            };
        }
        return level.name();
    }
}
