package io.hubwire.localhub.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.localhub.store.Documents.Document;
import io.hubwire.localhub.store.log.Incident;
import io.hubwire.localhub.store.log.Sync;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class JdbcStoreInFolderTest {
    @TempDir
    private Path folder;

    @TempDir
    private Path copies;

    private final List<Incident> incidents = new ArrayList<>();
    private final List<JdbcStore> opened = new ArrayList<>();
    private int redone;

    private JdbcStore open(Path in, Sync sync, boolean mustExist) {
        JdbcStore store = JdbcStore.inFolder(in, sync, mustExist, count -> redone = count, incidents::add);
        opened.add(store);
        return store;
    }

    @AfterEach
    void close() {
        opened.forEach(JdbcStore::close);
    }

    /** What the disk holds at this moment, which is all that is left after kill -9. */
    private Path killed() throws IOException {
        Path copy = copies.resolve("copy-" + opened.size());
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(folder.relativize(file).toString()));
            }
        }
        return copy;
    }

    @ParameterizedTest
    @EnumSource(Sync.class)
    void has_every_committed_change_after_a_sudden_end_and_none_that_was_not(Sync sync) throws IOException {
        JdbcStore store = open(folder, sync, false);
        store.insert("device", "kept", "{\"v\":1}");
        store.update("device", "kept", 1, "{\"v\":\"ä\"}");
        store.insert("device", "gone", "{}");
        store.delete("device", "gone", 1);
        store.insert("device", "again", "1");
        store.delete("device", "again", 1);
        store.insert("device", "again", "2");
        store.inTransaction(documents -> {
            documents.insert("twin", "a", "1");
            documents.insert("twin", "b", "2");
            return 0;
        });
        assertThatThrownBy(() -> store.inTransaction(documents -> {
                    documents.insert("twin", "undone", "1");
                    throw new IllegalArgumentException("changed my mind");
                }))
                .isInstanceOf(IllegalArgumentException.class);

        JdbcStore after = open(killed(), sync, true);
        assertThat(redone).isEqualTo(8);
        assertThat(after.get("device", "kept")).contains(new Document("kept", 2, "{\"v\":\"ä\"}"));
        assertThat(after.get("device", "gone")).isEmpty();
        assertThat(after.get("device", "again")).contains(new Document("again", 1, "2"));
        assertThat(after.scan("twin", "", null, 10)).extracting(Document::id).containsExactly("a", "b");
        after.update("device", "kept", 2, "{}");
        assertThat(incidents).isEmpty();
    }

    @Test
    void does_nothing_twice_after_an_end_in_good_order() {
        JdbcStore store = open(folder, Sync.PROCESS, false);
        store.insert("device", "d", "1");
        store.close();
        assertThat(open(folder, Sync.PROCESS, true).get("device", "d")).contains(new Document("d", 1, "1"));
        assertThat(redone).isZero();
    }

    @Test
    void begins_the_journal_anew_when_it_gets_long() throws IOException {
        JdbcStore store = open(folder, Sync.PROCESS, false);
        String body = "x".repeat(100_000);
        store.insert("device", "d", body);
        for (int version = 1; version < 400; version++) {
            store.update("device", "d", version, body);
        }
        try (Stream<Path> files = Files.list(folder.resolve("journal"))) {
            assertThat(files.mapToLong(file -> file.toFile().length()).sum()).isLessThan(24L << 20);
        }
        Document last = open(killed(), Sync.PROCESS, true).get("device", "d").orElseThrow();
        assertThat(last.version()).isEqualTo(400);
        assertThat(redone).isLessThan(250);
    }

    @Test
    void cuts_off_a_transaction_that_was_only_begun() throws IOException {
        JdbcStore store = open(folder, Sync.PROCESS, false);
        store.insert("device", "d1", "1");
        store.insert("device", "d2", "2");
        Path copy = killed();
        try (Stream<Path> files = Files.list(copy.resolve("journal"));
                RandomAccessFile journal = new RandomAccessFile(
                        files.max(Path::compareTo).orElseThrow().toFile(), "rw")) {
            journal.setLength(journal.length() - 3);
        }
        JdbcStore after = open(copy, Sync.PROCESS, true);
        assertThat(redone).isEqualTo(1);
        assertThat(after.get("device", "d1")).isPresent();
        assertThat(incidents).singleElement().isInstanceOf(Incident.TornTail.class);
    }

    @Test
    void never_takes_an_empty_store_for_one_that_was_there() throws IOException {
        open(folder, Sync.PROCESS, false).close();
        Path file = folder.resolve("store.mv.db");
        byte[] whole = Files.readAllBytes(file);

        Files.delete(file);
        assertThatThrownBy(() -> open(folder, Sync.PROCESS, true))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("store.mv.db] is missing or empty");
        assertThat(file).doesNotExist();

        byte[] damaged = whole.clone();
        Arrays.fill(damaged, (byte) 'x');
        Files.write(file, damaged);
        assertThatThrownBy(() -> open(folder, Sync.PROCESS, true))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("store.mv.db] cannot be opened, nothing was changed");
        assertThat(Files.readAllBytes(file)).isEqualTo(damaged);

        Files.write(file, whole);
        assertThat(open(folder, Sync.PROCESS, true).count("device", "")).isZero();
    }

    @Test
    void goes_on_when_a_thread_of_its_users_was_interrupted() {
        JdbcStore store = open(folder, Sync.MACHINE, false);
        for (int i = 0; i < 50; i++) {
            Thread.currentThread().interrupt();
            try {
                store.insert("device", "d" + i, "x".repeat(10_000));
            } catch (StoreException interrupted) {
                assertThat(interrupted).hasMessageContaining("cannot add a device");
            } finally {
                Thread.interrupted();
            }
        }
        store.insert("device", "after", "1");
        assertThat(store.get("device", "after")).isPresent();
    }
}
