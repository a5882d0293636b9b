package io.hubwire.dps;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.TransportException;
import io.hubwire.protocol.WireTime;
import io.hubwire.protocol.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers on disk where a device belongs. A JSON object, for example
 *
 * <pre>
 * {"version":1,"idScope":"0ne00111111","registrationId":"thermostat-7",
 *  "assignedHub":"contoso-hub.azure-devices.net","deviceId":"thermostat-7","registeredAt":"2026-01-01T00:00:00.0000000Z"}
 * </pre>
 *
 * No keys and no payload. Written beside its place and moved there, readable by its owner only where the file system knows
 * owners. A file of another device, of another version, or a damaged one counts as none.
 */
final class AssignmentFile {
    private static final Logger log = LoggerFactory.getLogger(AssignmentFile.class);
    private static final int VERSION = 1;

    private final Path path;
    private final String idScope;
    private final String registrationId;

    AssignmentFile(Path path, String idScope, String registrationId) {
        this.path = path.toAbsolutePath();
        this.idScope = idScope;
        this.registrationId = registrationId;
    }

    /** What was remembered. */
    record Remembered(Assignment assignment, Instant registeredAt) {}

    Optional<Remembered> read() {
        try {
            return remembered(Json.parseObject("assignment", Files.readString(path)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | RemoteProtocolException e) {
            log.warn("assignment file [{}] cannot be used, the device registers anew: {}", path, e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<Remembered> remembered(ObjectNode json) {
        String hub = json.path("assignedHub").asText("");
        String device = json.path("deviceId").asText("");
        Optional<Instant> when = WireTime.parse(json.path("registeredAt").asText(""));
        boolean ours = json.path("version").asInt() == VERSION
                && json.path("idScope").asText().equals(idScope)
                && json.path("registrationId").asText().equals(registrationId);
        if (!ours || hub.isEmpty() || device.isEmpty() || when.isEmpty()) {
            log.warn("assignment file [{}] is not of [{}] in [{}], or lacks a part", path, registrationId, idScope);
            return Optional.empty();
        }
        ObjectNode state = Json.object()
                .put("registrationId", registrationId)
                .put("status", "assigned")
                .put("assignedHub", hub)
                .put("deviceId", device);
        return Optional.of(new Remembered(new Assignment(hub, device, RegistrationState.of(state)), when.get()));
    }

    /** @throws HubwireException {@code STORAGE_FAILED} */
    void write(Assignment assignment, Instant now) {
        byte[] text = Json.writeBytes(Json.object()
                .put("version", VERSION)
                .put("idScope", idScope)
                .put("registrationId", registrationId)
                .put("assignedHub", assignment.hubHostName())
                .put("deviceId", assignment.deviceId())
                .put("registeredAt", WireTime.format(now)));
        try {
            Path folder = path.getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Path fresh = path.resolveSibling(path.getFileName() + ".new");
            Files.deleteIfExists(fresh);
            try (FileChannel file = FileChannel.open(
                    fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly())) {
                file.write(ByteBuffer.wrap(text));
                file.force(true);
            }
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new TransportException(
                    ErrorCode.STORAGE_FAILED, "assignment file [" + path + "] cannot be written", e);
        }
    }

    private FileAttribute<?>[] ownerOnly() {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
