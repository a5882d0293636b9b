package io.hubwire.devicehttp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.TransportException;
import io.hubwire.protocol.http.FileUpload;
import io.hubwire.protocol.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Uploads under way, a file each in a folder, so that they outlive the program. A file appears under its name only when it
 * is whole; one that cannot be read is left alone.
 */
final class UploadJournal {
    private static final String SUFFIX = ".upload.json";

    private final Path folder;
    private final String device;

    /** @param device whose uploads these are; several may share a folder */
    UploadJournal(Path folder, String device) {
        this.folder = folder;
        this.device = device;
    }

    /**
     * An upload under way.
     *
     * @param subject what is uploaded: path, length and time of the file, and the name asked for
     */
    record Entry(FileUpload.Ticket ticket, String subject) {}

    /** What identifies a file as it is now. */
    static String subject(Path file, String blobName) {
        try {
            return file.toAbsolutePath().normalize() + "|" + Files.size(file) + "|" + Files.getLastModifiedTime(file)
                    + "|" + blobName;
        } catch (IOException e) {
            throw new TransportException(ErrorCode.STORAGE_FAILED, "file [" + file + "] cannot be read: " + e, e);
        }
    }

    void opened(Entry entry) {
        try {
            Files.createDirectories(folder);
            Path part = Files.createTempFile(folder, "new", ".part", ownerOnly());
            ObjectNode json = Json.object().put("device", device).put("subject", entry.subject);
            json.set("ticket", entry.ticket.json());
            Files.write(part, Json.writeBytes(json));
            Files.move(part, file(entry.ticket), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new TransportException(
                    ErrorCode.STORAGE_FAILED, "the upload journal [" + folder + "] cannot be written: " + e, e);
        }
    }

    void closed(FileUpload.Ticket ticket) {
        try {
            Files.deleteIfExists(file(ticket));
        } catch (IOException e) {
            throw new TransportException(
                    ErrorCode.STORAGE_FAILED, "the upload journal [" + folder + "] cannot be written: " + e, e);
        }
    }

    List<Entry> open() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Entry> entries = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(SUFFIX)).sorted().toList()) {
                read(file).ifPresent(entries::add);
            }
            return entries;
        } catch (IOException e) {
            throw new TransportException(
                    ErrorCode.STORAGE_FAILED, "the upload journal [" + folder + "] cannot be read: " + e, e);
        }
    }

    private Optional<Entry> read(Path file) throws IOException {
        try {
            ObjectNode json = Json.parseObject("journal", Files.readAllBytes(file));
            return json.path("device").asText().equals(device)
                    ? Optional.of(new Entry(
                            FileUpload.Ticket.parse(Json.writeBytes(json.path("ticket"))),
                            json.path("subject").asText()))
                    : Optional.empty();
        } catch (RemoteProtocolException notOurs) {
            return Optional.empty();
        }
    }

    private Path file(FileUpload.Ticket ticket) {
        String name = device + "\n" + ticket.correlationId();
        return folder.resolve(UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)) + SUFFIX);
    }

    private static FileAttribute<?>[] ownerOnly() {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
