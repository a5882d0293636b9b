package io.hubwire.cli.backend;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.cli.context.CliContext;
import io.hubwire.cli.output.ExitCode;
import io.hubwire.cli.output.OwnerOnlyFile;
import io.hubwire.cli.output.Progress;
import io.hubwire.cli.registry.RegistryExport;
import io.hubwire.dps.EnrollmentClient;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.TransportException;
import io.hubwire.protocol.json.Json;
import io.hubwire.service.ServiceClient;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The whole registry into a file. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = "Write all devices and modules with keys and twins, and enrollments, as JSON lines.",
        footer = {
            "",
            "The file holds keys: it is readable by you only, and appears when it is complete. 'identity import' and",
            "'hub start --seed' read it. Enrollments are those of --dps, DPS_CONNECTION_STRING, or the local hub.",
            "Example: hubwire identity export fleet.jsonl"
        })
final class IdentityExport implements Callable<Integer> {
    private final CliContext context;

    @Parameters(paramLabel = "FILE|-", description = "- writes standard output.")
    private String file = "";

    IdentityExport(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (file.equals("-")) {
            export(context.terminal()::jsonLine);
            return ExitCode.DONE.code();
        }
        Path path = Path.of(file);
        int[] written = new int[1];
        try {
            OwnerOnlyFile.write(path, out -> written[0] = export(line -> append(out, line)));
        } catch (IOException | UncheckedIOException e) {
            throw new TransportException(ErrorCode.STORAGE_FAILED, "file [" + path + "] cannot be written", e);
        }
        context.answer(
                Json.object().put("file", file).put("lines", written[0]).put("ok", true),
                () -> context.terminal().line("wrote " + written[0] + " lines to " + file));
        return ExitCode.DONE.code();
    }

    private int export(Consumer<ObjectNode> sink) {
        try (ServiceClient service = context.clients().service();
                EnrollmentClient dps = context.clients().enrollmentsBeside(context.hub())) {
            long total = service.statistics().blocking().devices().total();
            try (Progress progress = context.terminal().progress("export", total, "lines")) {
                int[] done = new int[1];
                RegistryExport export = new RegistryExport(line -> {
                    sink.accept(line);
                    progress.at(++done[0], Math.max(done[0], total));
                });
                export.identities(service);
                if (dps != null) {
                    export.enrollments(dps);
                }
                return export.written();
            }
        }
    }

    private static void append(BufferedWriter out, ObjectNode line) {
        try {
            out.write(Json.write(line));
            out.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
