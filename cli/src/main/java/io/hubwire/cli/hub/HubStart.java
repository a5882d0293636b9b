package io.hubwire.cli.hub;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.cli.connect.EnvFile;
import io.hubwire.cli.context.CliContext;
import io.hubwire.localhub.LocalHub;
import io.hubwire.localhub.LocalHubOptions;
import io.hubwire.localhub.OwnKeys;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.TransportException;
import io.hubwire.protocol.json.Json;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs a hub in the foreground until SIGINT or SIGTERM. */
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        description = "Start a local hub in the foreground; Ctrl-C ends it.",
        footer = {
            "",
            "Example: hubwire hub start --azure-ports",
            "Example: hubwire hub start --free-ports --seed fleet.jsonl",
            "Example: hubwire hub start --bind 0.0.0.0 --host hub.example --own-keys generate"
        })
final class HubStart implements Callable<Integer> {
    @Mixin
    private final PortChoice ports = new PortChoice();

    @Option(
            names = "--host",
            paramLabel = "NAME",
            description = "A name the hub is called by, beside localhost, 127.0.0.1, ::1 and the machine's own;"
                    + " repeatable, the first is advertised. Default localhost.")
    private List<String> hosts = new ArrayList<>();

    @Option(
            names = "--bind",
            paramLabel = "ADDRESS",
            description = "Where to listen; loopback only, unless --own-keys. Default 127.0.0.1 and ::1.")
    private @Nullable String bind;

    @Option(
            names = "--own-keys",
            paramLabel = "FILE|generate",
            description =
                    "Keys of your own for all policies, in place of the public ones; generate makes and prints them.")
    private @Nullable String ownKeys;

    @Option(
            names = "--env-file",
            paramLabel = "FILE",
            description = "Default $HUBWIRE_ENV_FILE or ~/.hubwire/local.env.")
    private @Nullable Path envFile;

    @Option(
            names = "--ca-dir",
            paramLabel = "DIR",
            description = "Where the hub's certificate authority is kept. Default ~/.hubwire/ca.")
    private @Nullable Path caDir;

    @Option(
            names = "--seed",
            paramLabel = "FILE",
            description = "Devices, modules, twins and enrollments to begin with: JSON lines of 'identity export'.")
    private @Nullable Path seed;

    @Mixin
    private final Neighbours neighbours = new Neighbours();

    @Mixin
    private final DataChoice data = new DataChoice();

    @Mixin
    private final EngineChoice engine = new EngineChoice();

    private final CliContext context;

    HubStart(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        OwnKeys keys = ownKeys();
        LocalHubOptions.Builder options = LocalHubOptions.builder()
                .mqttPort(ports.mqttPort(context.overrides()))
                .httpsPort(ports.httpsPort(context.overrides()))
                .amqpPort(ports.amqpPort(context.overrides()))
                .caFolder(caFolder())
                .trace(context.trace());
        if (ports.amqpPlain != null) {
            options.amqpPlainPort(ports.amqpPlain);
        }
        hosts.forEach(options::host);
        if (bind != null) {
            options.address(address(bind, keys != null));
        }
        if (keys != null) {
            options.ownPolicies(keys.hub(), keys.dps());
        }
        options.engine(engine::applyTo);
        data.applyTo(options);
        LocalHub hub = start(options.build());
        List<LocalHub> others = new ArrayList<>();
        try {
            if (keys != null) {
                ensureReadyMadeDevice(hub);
            }
            others.addAll(neighbours.settle(hub, () -> beside(keys)));
            if (seed != null) {
                // nobody knows the hub before its env file is there, so nobody meets one that is half sown
                context.terminal().note("seeded with " + new Seed(seed).sow(hub).text());
            }
        } catch (RuntimeException e) {
            others.forEach(LocalHub::close);
            hub.close();
            throw e;
        }
        String pid = Long.toString(ProcessHandle.current().pid());
        Path path = envFile != null ? envFile : context.targets().settings().envFilePath();
        EnvFile file = new EnvFile(path.toAbsolutePath(), HubFacts.of(hub, pid));
        CountDownLatch ended = new CountDownLatch(1);
        // a signal ends the JVM through this hook; halt(0) makes "stopped as asked" the exit code instead of 130 or 143
        Thread hook = new Thread(
                () -> {
                    file.removeIfOwnedBy(pid);
                    others.forEach(LocalHub::close);
                    hub.close();
                    ended.countDown();
                    Runtime.getRuntime().halt(0);
                },
                "hubwire-stop");
        try {
            file.write();
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (RuntimeException e) {
            others.forEach(LocalHub::close);
            hub.close();
            throw e;
        }
        HubBanner.show(context, file, others, keys, "generate".equals(ownKeys));
        if (!hub.foundInDataFolder().isEmpty()) {
            context.terminal().note(hub.foundInDataFolder());
        }
        ended.await();
        return 0;
    }

    static LocalHub start(LocalHubOptions options) {
        try {
            return LocalHub.start(options);
        } catch (UncheckedIOException e) {
            Throwable cause = e.getCause();
            ErrorCode code = cause instanceof BindException ? ErrorCode.CONFLICT : ErrorCode.STORAGE_FAILED;
            String why = cause == null ? e.getMessage() : cause.getMessage();
            throw new TransportException(code, "the hub cannot start: " + why, e);
        }
    }

    private static InetAddress address(String text, boolean ownKeys) {
        InetAddress address;
        try {
            address = InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new TransportException(
                    ErrorCode.UNREACHABLE, "--bind [" + text + "] is not an address of this machine", e);
        }
        if (!ownKeys && !address.isLoopbackAddress()) {
            throw new InvalidInputException("--bind [" + text + "] is not a loopback address; a hub with public"
                    + " development keys is never reachable from elsewhere, one with --own-keys may be");
        }
        return address;
    }

    private Path caFolder() {
        return caDir != null ? caDir : context.userHome().resolve(".hubwire/ca");
    }

    /** Another hub of this process: free ports, the same authority and keys. */
    private LocalHubOptions.Builder beside(@Nullable OwnKeys keys) {
        LocalHubOptions.Builder options =
                LocalHubOptions.builder().caFolder(caFolder()).trace(context.trace());
        if (keys != null) {
            options.ownPolicies(keys.hub(), keys.dps());
        }
        return options;
    }

    private @Nullable OwnKeys ownKeys() {
        if (ownKeys == null) {
            return null;
        }
        return ownKeys.equals("generate") ? OwnKeys.generate(new SecureRandom()) : OwnKeys.read(Path.of(ownKeys));
    }

    /** With public keys it is there from the start; with keys of one's own it has keys that the hub makes. */
    private static void ensureReadyMadeDevice(LocalHub hub) {
        try {
            hub.engine().registry().create(Identity.device("device1"), Json.object());
        } catch (HubException e) {
            if (e.error() != HubError.DEVICE_ALREADY_EXISTS) {
                throw e;
            }
        }
    }

    static ObjectNode json(Map<String, String> values) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        values.forEach(json::put);
        return json;
    }
}
