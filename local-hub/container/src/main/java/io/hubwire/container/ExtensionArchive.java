package io.hubwire.container;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/** The hub's extension as the build puts it into this jar: a zip with one folder, {@value #FOLDER}. */
final class ExtensionArchive {
    static final String FOLDER = "hubwire";

    private static final String RESOURCE = "hubwire-extension.zip";

    private ExtensionArchive() {}

    /**
     * Unpacks the archive.
     *
     * @param folder exists; files of the same name are replaced
     * @return the extension's own folder in it
     * @throws IllegalStateException when this module was not packaged, so that no archive is in it
     */
    static Path unpackInto(Path folder) throws IOException {
        try (InputStream archive = ExtensionArchive.class.getResourceAsStream(RESOURCE)) {
            return unpack(archive, folder);
        }
    }

    static Path unpack(@Nullable InputStream archive, Path folder) throws IOException {
        if (archive == null) {
            throw new IllegalStateException("the hub's extension [" + RESOURCE
                    + "] is not on the class path: hubwire-container must be used as a packaged jar, so build with"
                    + " 'mvn verify' or 'mvn package', not with 'mvn test'");
        }
        ZipInputStream zip = new ZipInputStream(archive);
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
            Path target = folder.resolve(entry.getName()).normalize();
            if (!target.startsWith(folder)) {
                throw new IOException("the extension's archive has an entry [" + entry.getName() + "] outside of it");
            }
            if (entry.isDirectory()) {
                Files.createDirectories(target);
            } else {
                Files.createDirectories(target.getParent());
                Files.deleteIfExists(target);
                Files.copy(zip, target);
            }
        }
        Path extension = folder.resolve(FOLDER);
        if (!Files.isRegularFile(extension.resolve("hivemq-extension.xml"))) {
            throw new IOException("the extension's archive has no [" + FOLDER + "/hivemq-extension.xml]");
        }
        return extension;
    }

    /** Deletes a folder, if it is there, and all that is in it. */
    static void delete(Path folder) throws IOException {
        if (Files.notExists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException error) throws IOException {
                if (error != null) {
                    throw error;
                }
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
