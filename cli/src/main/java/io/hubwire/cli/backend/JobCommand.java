package io.hubwire.cli.backend;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.hubwire.cli.context.CliContext;
import io.hubwire.cli.context.CommandFamily;
import io.hubwire.cli.output.Table;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.json.Json;
import io.hubwire.service.Job;
import io.hubwire.service.JobStatus;
import io.hubwire.service.MethodCall;
import io.hubwire.service.Page;
import io.hubwire.service.PageRequest;
import io.hubwire.service.ServiceClient;
import io.hubwire.service.TwinUpdate;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Work on many devices at once. */
@Command(
        name = "job",
        mixinStandardHelpOptions = true,
        description = "Schedule twin updates and methods on many devices; show, list, cancel.")
public final class JobCommand extends CommandFamily {
    /** The kinds of scheduled jobs, by their names on the wire. */
    enum Type {
        scheduleUpdateTwin,
        scheduleDeviceMethod
    }

    private final CliContext context;

    private JobCommand(CliContext context) {
        this.context = context;
    }

    /** This family with its members. */
    public static CommandLine with(CliContext context) {
        return new CommandLine(new JobCommand(context));
    }

    @Command(
            name = "schedule-twin",
            mixinStandardHelpOptions = true,
            description = "Merge tags and desired properties into many twins.",
            footer = {
                "",
                "Example: hubwire job schedule-twin '{\"tags\":{\"floor\":2}}' --where \"tags.building = 43\" --wait",
                "Per device: hubwire query \"SELECT * FROM devices.jobs WHERE devices.jobs.jobId = 'ID'\""
            })
    int scheduleTwin(
            @Parameters(paramLabel = "JSON|-", description = "- reads standard input.") String json,
            @Mixin JobSchedule schedule,
            @Mixin JobPatience patience)
            throws InterruptedException {
        TwinUpdate update = TwinUpdate.parse(context.argumentText(json));
        try (ServiceClient service = context.clients().service()) {
            Job job = service.jobs().blocking().scheduleTwinUpdate(schedule.spec(context.clock()), update);
            return patience.answer(context, service, job);
        }
    }

    @Command(
            name = "schedule-method",
            mixinStandardHelpOptions = true,
            description = "Call a method on many devices.",
            footer = {
                "",
                "Example: hubwire job schedule-method reboot '{\"delay\":3}' --where \"tags.floor = 2\" --wait"
            })
    int scheduleMethod(
            @Parameters(index = "0", paramLabel = "NAME") String name,
            @Parameters(index = "1", paramLabel = "JSON|-", arity = "0..1", description = "Payload; none when absent.")
                    @Nullable
                    String payload,
            @Mixin JobSchedule schedule,
            @Option(
                            names = "--method-timeout",
                            paramLabel = "D",
                            defaultValue = "30s",
                            description = "For each device's answer, 5s to 300s. Default 30s.")
                    Duration methodTimeout,
            @Option(
                            names = "--connect-timeout",
                            paramLabel = "D",
                            defaultValue = "0s",
                            description = "How long the hub waits for an absent device, 0s to 300s. Default 0s.")
                    Duration connectTimeout,
            @Mixin JobPatience patience)
            throws InterruptedException {
        MethodCall.Builder call =
                MethodCall.of(name).responseTimeout(methodTimeout).connectTimeout(connectTimeout);
        if (payload != null) {
            call.payload(context.argumentText(payload));
        }
        try (ServiceClient service = context.clients().service()) {
            Job job = service.jobs().blocking().scheduleMethod(schedule.spec(context.clock()), call.build());
            return patience.answer(context, service, job);
        }
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Show a job, or wait for its end.",
            footer = {"", "Example: hubwire job show 7c0f --wait"})
    int show(@Parameters(paramLabel = "ID") String id, @Mixin JobPatience patience) throws InterruptedException {
        try (ServiceClient service = context.clients().service()) {
            return patience.answer(context, service, service.jobs().blocking().get(id));
        }
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "List scheduled jobs.",
            footer = {"", "Example: hubwire job list --status running"})
    int list(
            @Option(names = "--type", paramLabel = "scheduleUpdateTwin|scheduleDeviceMethod") @Nullable Type type,
            @Option(names = "--status", paramLabel = "STATUS", description = "queued, running, completed, failed, …")
                    @Nullable
                    JobStatus status) {
        if (status == JobStatus.UNKNOWN) {
            throw new InvalidInputException("--status [unknown] is no status to ask for; leave it out for all");
        }
        try (ServiceClient service = context.clients().service()) {
            List<Job> jobs = new ArrayList<>();
            Optional<PageRequest> next = Optional.of(PageRequest.first());
            while (next.isPresent()) {
                PageRequest which = next.get();
                Page<Job> page = service.jobs()
                        .blocking()
                        .list(Optional.ofNullable(type).map(Type::name), Optional.ofNullable(status), which);
                jobs.addAll(page.items());
                next = page.continuation().map(which::after);
            }
            print(jobs);
            return 0;
        }
    }

    @Command(
            name = "cancel",
            mixinStandardHelpOptions = true,
            description = "Stop what a job has not begun yet.",
            footer = {"", "Example: hubwire job cancel 7c0f"})
    int cancel(@Parameters(paramLabel = "ID") String id) {
        try (ServiceClient service = context.clients().service()) {
            JobPatience.print(context, service.jobs().blocking().cancel(id));
            return 0;
        }
    }

    private void print(List<Job> jobs) {
        ArrayNode array = Json.array();
        jobs.forEach(job -> array.add(job.tree()));
        context.answer(array, () -> {
            Table table = new Table("JOB", "WHAT", "STATUS", "CREATED");
            for (Job job : jobs) {
                table.row(
                        job.id(),
                        job.type().equals(Type.scheduleUpdateTwin.name()) ? "twin" : "method",
                        job.status().name().toLowerCase(Locale.ROOT),
                        job.createdTime()
                                .map(time -> time.truncatedTo(ChronoUnit.SECONDS))
                                .orElse(null));
            }
            context.terminal().table(table);
        });
    }
}
