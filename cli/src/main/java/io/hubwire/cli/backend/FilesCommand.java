package io.hubwire.cli.backend;

import io.hubwire.cli.connect.Targets.HubTarget;
import io.hubwire.cli.context.CliContext;
import io.hubwire.cli.output.ExitCode;
import io.hubwire.events.FileNotice;
import io.hubwire.events.FileNoticeReceiver;
import io.hubwire.protocol.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Files that devices have uploaded, as the back end hears of them. */
@Command(
        name = "files",
        mixinStandardHelpOptions = true,
        description = "Read the hub's notices of uploaded files, and complete what was read.",
        footer = {
            "",
            "Ends after the N-th notice (exit 0), or at the time-out: exit 3 when --count is unmet, else 0.",
            "Example: hubwire files --count 1 --timeout 30s -o json"
        })
public final class FilesCommand implements Callable<Integer> {
    private static final Duration GLANCE = Duration.ofSeconds(1);

    private final CliContext context;

    @Option(names = "--count", paramLabel = "N", description = "End after so many notices.")
    private @Nullable Integer count;

    @Option(
            names = "--timeout",
            paramLabel = "D",
            defaultValue = "10s",
            description = "End after this time. Default 10s.")
    private Duration timeout = Duration.ofSeconds(10);

    public FilesCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        HubTarget hub = context.hub();
        int wanted = count == null ? Integer.MAX_VALUE : count;
        Instant end = context.clock().instant().plus(timeout);
        int seen = 0;
        try (FileNoticeReceiver files =
                FileNoticeReceiver.open(hub.connection(), context.clients().amqp(hub))) {
            while (seen < wanted && context.clock().instant().isBefore(end)) {
                Duration left = Duration.between(context.clock().instant(), end);
                Optional<FileNotice> notice = files.next(left.compareTo(GLANCE) < 0 ? left : GLANCE);
                if (notice.isPresent()) {
                    print(notice.get());
                    notice.get().complete();
                    seen++;
                }
            }
        }
        return count != null && seen < count ? ExitCode.UNREACHABLE.code() : ExitCode.DONE.code();
    }

    private void print(FileNotice notice) {
        if (context.json()) {
            context.terminal().jsonLine(Json.parseObject("notice", notice.json()));
        } else {
            context.terminal()
                    .line(String.format(
                            "%s  %-24s %12d  %s",
                            notice.enqueuedTime()
                                    .map(time ->
                                            time.truncatedTo(ChronoUnit.MILLIS).toString())
                                    .orElse(""),
                            notice.deviceId(),
                            notice.blobSizeInBytes(),
                            notice.blobName()));
        }
    }
}
