package io.hubwire.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileCheckpointStoreTest {
    @TempDir
    Path folder;

    @Test
    void remembers_the_last_checkpoint_of_each_partition_and_scope() {
        Path file = folder.resolve("checkpoints");
        CheckpointStore store = new FileCheckpointStore(file);
        assertThat(store.load("host/entity/$default")).isEmpty();

        store.save("host/entity/$default", "0", new Checkpoint("100", 1));
        store.save("host/entity/$default", "0", new Checkpoint("200", 2));
        store.save("host/entity/$default", "1", new Checkpoint("300", 3));
        store.save("host/entity/cg1", "0", new Checkpoint("400", 4));

        assertThat(new FileCheckpointStore(file).load("host/entity/$default"))
                .isEqualTo(Map.of("0", new Checkpoint("200", 2), "1", new Checkpoint("300", 3)));
    }

    @Test
    void says_which_line_of_a_foreign_file_it_cannot_read() throws Exception {
        Path file = folder.resolve("notes.txt");
        Files.writeString(file, "a\t0\t1\t100\nbuy milk\n");
        assertThatThrownBy(() -> new FileCheckpointStore(file).load("a"))
                .isInstanceOfSatisfying(HubwireException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_FAILED);
                    assertThat(e.getMessage()).contains("line 2");
                });
    }

    @Test
    void a_folder_that_is_not_there_is_an_error_and_not_silence() {
        CheckpointStore store = new FileCheckpointStore(folder.resolve("missing/checkpoints"));
        assertThatThrownBy(() -> store.save("a", "0", new Checkpoint("1", 1)))
                .isInstanceOfSatisfying(
                        HubwireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_FAILED));
    }
}
