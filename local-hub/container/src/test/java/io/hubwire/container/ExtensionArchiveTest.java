package io.hubwire.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExtensionArchiveTest {
    @TempDir
    private Path folder;

    private static InputStream zip(String... entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (String entry : entries) {
                zip.putNextEntry(new ZipEntry(entry));
                if (!entry.endsWith("/")) {
                    zip.write(("content of " + entry).getBytes(StandardCharsets.UTF_8));
                }
            }
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }

    @Test
    void an_archive_is_unpacked_and_deleted_again() throws Exception {
        Path extension = ExtensionArchive.unpack(
                zip("hubwire/", "hubwire/hivemq-extension.xml", "hubwire/conf/hubwire.properties"), folder);
        assertThat(extension).isEqualTo(folder.resolve("hubwire"));
        assertThat(extension.resolve("conf/hubwire.properties"))
                .hasContent("content of hubwire/conf/hubwire.properties");
        ExtensionArchive.delete(extension);
        assertThat(folder).isEmptyDirectory();
        ExtensionArchive.delete(extension);
    }

    @Test
    void an_entry_that_would_lie_outside_is_refused() {
        assertThatThrownBy(() -> ExtensionArchive.unpack(zip("hubwire/../../there.txt"), folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("there.txt");
        assertThat(Files.exists(folder.resolveSibling("there.txt"))).isFalse();
    }

    @Test
    void an_archive_of_something_else_is_refused() {
        assertThatThrownBy(() -> ExtensionArchive.unpack(zip("other/hivemq-extension.xml"), folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("[hubwire/hivemq-extension.xml]");
    }

    @Test
    void without_the_archive_it_says_how_to_get_it() {
        assertThatThrownBy(() -> ExtensionArchive.unpack(null, folder))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("mvn verify");
    }
}
