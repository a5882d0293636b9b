package io.hubwire.cli.hub;

import io.hubwire.cli.connect.EnvFile;
import io.hubwire.cli.context.CliContext;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.TransportException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;

/** Asks the hub of the env file to stop, and waits until it has. */
@Command(
        name = "stop",
        mixinStandardHelpOptions = true,
        description = "Stop the running local hub.",
        footer = {"", "Example: hubwire hub stop"})
final class HubStop implements Callable<Integer> {
    private static final int DEADLINE_SECONDS = 15;

    private final CliContext context;

    HubStop(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        EnvFile file = running(context);
        String pid = file.get("HUBWIRE_PID").orElse("");
        Optional<ProcessHandle> process = process(pid);
        if (process.isEmpty()) {
            file.removeIfOwnedBy(pid);
            context.terminal().line("no hub is running; removed the env file it left behind");
            return 0;
        }
        process.get().destroy(); // SIGTERM: the hub closes its endpoints and removes the env file
        try {
            process.get().onExit().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new TransportException(
                    ErrorCode.TIMED_OUT, "the hub with pid " + pid + " did not stop in " + DEADLINE_SECONDS + " s", e);
        }
        context.terminal().line("stopped the hub with pid " + pid);
        return 0;
    }

    static EnvFile running(CliContext context) {
        return context.targets()
                .settings()
                .envFile()
                .orElseThrow(() -> new InvalidInputException("no local hub is running: there is no env file ["
                        + context.targets().settings().envFilePath() + "]; start one with 'hubwire hub start'"));
    }

    /** The living process of a hub. A pid that now belongs to a program that is not Java is not ours to end. */
    static Optional<ProcessHandle> process(String pid) {
        return pid.matches("\\d{1,10}")
                ? ProcessHandle.of(Long.parseLong(pid))
                        .filter(ProcessHandle::isAlive)
                        .filter(p ->
                                p.info().command().map(c -> c.contains("java")).orElse(true))
                : Optional.empty();
    }
}
