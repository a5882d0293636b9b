package io.hubwire.cli.backend;

import io.hubwire.cli.context.CliContext;
import io.hubwire.cli.output.ExitCode;
import io.hubwire.cli.output.Progress;
import io.hubwire.cli.registry.ImportReport;
import io.hubwire.cli.registry.RegistryImport;
import io.hubwire.cli.registry.ServiceTarget;
import io.hubwire.dps.EnrollmentClient;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.TransportException;
import io.hubwire.service.ServiceClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Many identities from a file. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = "Create or change devices, modules, twins and enrollments from a file of JSON lines.",
        footer = {
            "",
            "A line has an id, and moduleId for a module: {\"id\":\"d1\",\"tags\":{\"floor\":2}}; or registrationId or",
            "enrollmentGroupId. Without importMode it creates, or updates what is there. Keys are made where absent;",
            "reported properties are the device's own and are passed over. A bad line is told with its number and",
            "costs none of the others; exit 1 when there was one.",
            "Example: hubwire identity import fleet.jsonl"
        })
final class IdentityImport implements Callable<Integer> {
    private final CliContext context;

    @Parameters(paramLabel = "FILE|-", description = "- reads standard input.")
    private String file = "";

    IdentityImport(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        try (BufferedReader lines = open();
                ServiceClient service = context.clients().service();
                EnrollmentClient dps = context.clients().enrollmentsBeside(context.hub())) {
            RegistryImport reader = new RegistryImport(new ServiceTarget(service, dps), bad -> context.terminal()
                    .note("hubwire: line " + bad.number() + ": " + bad.reason()));
            long total = context.terminal().interactive() ? count() : 0;
            ImportReport report;
            try (Progress progress = context.terminal().progress("import", total, "lines")) {
                report = reader.read(lines, done -> progress.at(done, Math.max(done, total)));
            }
            context.answer(report.json(), () -> context.terminal().line("imported " + report.text()));
            return report.failed() == 0 ? ExitCode.DONE.code() : ExitCode.FAILED.code();
        } catch (NoSuchFileException e) {
            throw new TransportException(ErrorCode.STORAGE_FAILED, "file [" + file + "] does not exist", e);
        } catch (IOException e) {
            throw new TransportException(ErrorCode.STORAGE_FAILED, "file [" + file + "] cannot be read as UTF-8", e);
        }
    }

    private BufferedReader open() throws IOException {
        return file.equals("-")
                ? new BufferedReader(new InputStreamReader(context.input(), StandardCharsets.UTF_8))
                : Files.newBufferedReader(Path.of(file));
    }

    private long count() throws IOException {
        if (file.equals("-")) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.count();
        }
    }
}
