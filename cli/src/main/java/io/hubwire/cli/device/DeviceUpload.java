package io.hubwire.cli.device;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.cli.context.CliContext;
import io.hubwire.cli.output.ExitCode;
import io.hubwire.cli.output.Progress;
import io.hubwire.devicehttp.HttpDeviceClient;
import io.hubwire.devicehttp.UploadOptions;
import io.hubwire.devicehttp.UploadResult;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.json.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A file of a device, to the storage behind the hub. */
@Command(
        name = "upload",
        mixinStandardHelpOptions = true,
        description = "Upload a file to the storage that belongs to the hub, and tell the hub.",
        footer = {
            "",
            "An upload that was interrupted goes on where it was when the same file is uploaded again.",
            "Example: hubwire device upload -d device1 flight.log --blob-name logs/flight.log"
        })
final class DeviceUpload implements Callable<Integer> {
    private static final long KILO = 1024;

    private final CliContext context;

    @Mixin
    private WhichDevice which = new WhichDevice();

    @Parameters(paramLabel = "FILE")
    private Path file = Path.of("");

    @Option(
            names = "--blob-name",
            paramLabel = "N",
            description = "What it is called there, after the device's id. Default: the file's name.")
    private @Nullable String blobName;

    DeviceUpload(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Instant start = context.clock().instant();
        UploadResult result = withBar();
        long millis = Duration.between(start, context.clock().instant()).toMillis();
        ObjectNode document = Json.object()
                .put("blobName", result.blobName())
                .put("blobUri", result.blobUri())
                .put("blobSizeInBytes", result.length())
                .put("md5", result.md5())
                .put("correlationId", result.correlationId())
                .put("resumedBytes", result.resumedBytes())
                .put("ok", true)
                .put("millis", millis);
        context.answer(document, () -> context.terminal()
                .line("uploaded " + result.blobName() + ", " + result.length() + " bytes, MD5 " + result.md5() + ", in "
                        + millis + " ms"));
        return ExitCode.DONE.code();
    }

    private UploadResult withBar() {
        try (Progress progress = context.terminal().progress(String.valueOf(file.getFileName()), 0, "KB")) {
            return upload((done, total) -> progress.at(done / KILO, total / KILO));
        }
    }

    private UploadResult upload(UploadOptions.Progress progress) {
        Path name = file.getFileName();
        if (name == null) {
            throw new InvalidInputException("file [" + file + "] has no name");
        }
        UploadOptions options = UploadOptions.builder()
                .journal(context.userHome().resolve(".hubwire").resolve("uploads"))
                .progress(progress)
                .build();
        try (HttpDeviceClient device = context.clients().deviceOverHttp(which.target(context))) {
            return device.files().blocking().upload(file, blobName == null ? name.toString() : blobName, options);
        }
    }
}
