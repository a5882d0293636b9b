package io.hubwire.localhub.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class DataFolderTest {
    @TempDir
    private Path folder;

    @Test
    void is_made_and_found_again_as_it_was_left() throws IOException {
        Path root = folder.resolve("a/b");
        try (DataFolder data = DataFolder.open(root, 4)) {
            assertThat(data.isComplete()).isFalse();
            data.markComplete();
        }
        try (DataFolder data = DataFolder.open(root, 4)) {
            assertThat(data.isComplete()).isTrue();
            assertThat(data.events()).isEqualTo(root.resolve("events"));
        }
    }

    @Test
    void belongs_to_one_hub_at_a_time() throws IOException {
        DataFolder first = DataFolder.open(folder, 4);
        refuses("is in use by another hub of this process");
        first.close();
        first.close();
        DataFolder.open(folder, 4).close();
    }

    @Test
    void names_the_process_that_holds_it() throws Exception {
        DataFolder.open(folder, 4).close();
        // flock(1) takes another kind of lock than Java does, so another JVM must hold it
        String holder = """
                import java.io.*;
                class Holder {
                    public static void main(String[] args) throws Exception {
                        try (var file = new RandomAccessFile(args[0], "rw"); var lock = file.getChannel().lock()) {
                            file.write((ProcessHandle.current().pid() + "\\n").getBytes());
                            System.out.println("held");
                            System.in.read();
                        }
                    }
                }
                """;
        Path source = Files.createTempDirectory("holder").resolve("Holder.java");
        Files.writeString(source, holder);
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        source.toString(),
                        folder.resolve("lock").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(process.inputReader().readLine()).isEqualTo("held");
            refuses("is in use by process " + process.pid());
        } finally {
            process.destroyForcibly().waitFor();
        }
        DataFolder.open(folder, 4).close(); // kill -9 leaves no lock behind
    }

    @Test
    void refuses_what_a_later_version_wrote() throws IOException {
        DataFolder.open(folder, 4).close();
        String about = "{\"format\":2,\"partitions\":4,\"complete\":true}";
        Files.writeString(folder.resolve("data.json"), about);
        refuses("has format 2, of a later version of Hubwire");
        assertThat(folder.resolve("data.json")).hasContent(about);
    }

    @Test
    void keeps_its_number_of_partitions() throws IOException {
        DataFolder.open(folder, 8).close();
        refuses("has 8 partitions, not 4");
    }

    @Test
    void refuses_what_is_no_data_folder() throws IOException {
        Files.writeString(folder.resolve("thesis.txt"), "mine");
        refuses("is no data folder of a hub: it holds [thesis.txt]");
        assertThat(folder.resolve("data.json")).doesNotExist();
    }

    @Test
    void refuses_a_file_and_a_folder_that_cannot_be_made() throws IOException {
        Path file = folder.resolve("file");
        Files.writeString(file, "");
        assertThatThrownBy(() -> DataFolder.open(file, 4))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("file] cannot be used");
        assertThatThrownBy(() -> DataFolder.open(Path.of("/proc/hubwire"), 4))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("[/proc/hubwire] cannot be used");
    }

    @Test
    void names_its_own_description_when_that_is_damaged() throws IOException {
        DataFolder.open(folder, 4).close();
        Files.writeString(folder.resolve("data.json"), "{\"format\"");
        refuses("data.json] is damaged");
    }

    private void refuses(String why) {
        assertThatThrownBy(() -> DataFolder.open(folder, 4))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(why);
    }
}
