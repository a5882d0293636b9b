package io.hubwire.localhub.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.localhub.store.Documents.Document;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class JdbcStoreTest {
    private final JdbcStore store = JdbcStore.inMemory();

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void keeps_a_document_and_counts_its_versions() {
        store.insert("device", "d1", "{\"a\":1}");
        assertThat(store.get("device", "d1")).contains(new Document("d1", 1, "{\"a\":1}"));

        store.update("device", "d1", 1, "{\"a\":2}");
        assertThat(store.get("device", "d1")).contains(new Document("d1", 2, "{\"a\":2}"));

        store.delete("device", "d1", 2);
        assertThat(store.get("device", "d1")).isEmpty();
    }

    @Test
    void keeps_kinds_and_letter_cases_apart() {
        store.insert("device", "d1", "1");
        store.insert("twin", "d1", "2");
        store.insert("device", "D1", "3");
        assertThat(store.get("device", "d1").orElseThrow().body()).isEqualTo("1");
        assertThat(store.get("twin", "d1").orElseThrow().body()).isEqualTo("2");
        assertThat(store.get("device", "D1").orElseThrow().body()).isEqualTo("3");
    }

    @Test
    void refuses_what_somebody_else_was_faster_with() {
        store.insert("device", "d1", "{}");
        assertThatThrownBy(() -> store.insert("device", "d1", "{}"))
                .isInstanceOf(StoreConflict.class)
                .hasMessageContaining("device [d1] exists already");
        assertThatThrownBy(() -> store.update("device", "d1", 7, "{}")).isInstanceOf(StoreConflict.class);
        assertThatThrownBy(() -> store.update("device", "d2", 1, "{}")).isInstanceOf(StoreConflict.class);
        assertThatThrownBy(() -> store.delete("device", "d1", 7)).isInstanceOf(StoreConflict.class);
        assertThat(store.get("device", "d1")).contains(new Document("d1", 1, "{}"));
    }

    @Test
    void lists_by_prefix_in_order_and_in_pages() {
        for (String id : List.of("d1/b", "d1/a", "d10/a", "d2/a", "d1/c", "d1")) {
            store.insert("module", id, "{}");
        }
        store.insert("device", "d1/x", "{}");
        assertThat(store.scan("module", "d1/", null, 10))
                .extracting(Document::id)
                .containsExactly("d1/a", "d1/b", "d1/c");
        assertThat(store.scan("module", "d1/", null, 2))
                .extracting(Document::id)
                .containsExactly("d1/a", "d1/b");
        assertThat(store.scan("module", "d1/", "d1/b", 2))
                .extracting(Document::id)
                .containsExactly("d1/c");
        assertThat(store.count("module", "d1/")).isEqualTo(3);
        assertThat(store.count("module", "")).isEqualTo(6);
    }

    @Test
    void keeps_a_large_document() {
        String body = "\"" + "ä".repeat(500_000) + "\"";
        store.insert("twin", "d1", body);
        assertThat(store.get("twin", "d1").orElseThrow().body()).isEqualTo(body);
    }

    @Test
    void does_all_of_a_transaction_or_nothing() {
        store.insert("device", "taken", "{}");
        assertThatThrownBy(() -> store.inTransaction(documents -> {
                    documents.insert("device", "d1", "{}");
                    documents.insert("device", "taken", "{}");
                    return null;
                }))
                .isInstanceOf(StoreConflict.class);
        assertThat(store.get("device", "d1")).isEmpty();

        assertThatThrownBy(() -> store.inTransaction(documents -> {
                    documents.insert("device", "d1", "{}");
                    throw new IllegalArgumentException("changed my mind");
                }))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(store.get("device", "d1")).isEmpty();

        long version = store.inTransaction(documents -> {
            documents.insert("device", "d1", "{}");
            documents.update("device", "d1", 1, "{}");
            return documents.get("device", "d1").orElseThrow().version();
        });
        assertThat(version).isEqualTo(2);
        assertThat(store.get("device", "d1")).isPresent();
    }

    @Test
    void lets_one_of_two_win_and_tells_the_other() throws Exception {
        store.insert("twin", "d1", "0");
        int rounds = 200;
        Callable<Integer> racer = racer(rounds);
        Callable<Integer> rival = racer(rounds);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<Integer> first = threads.submit(racer);
            Future<Integer> second = threads.submit(rival);
            int won = first.get(30, TimeUnit.SECONDS) + second.get(30, TimeUnit.SECONDS);
            Document end = store.get("twin", "d1").orElseThrow();
            assertThat(end.body()).isEqualTo(Integer.toString(won));
            assertThat(end.version()).isEqualTo(won + 1);
        } finally {
            threads.shutdownNow();
        }
    }

    private final CyclicBarrier start = new CyclicBarrier(2);

    /** Adds one to the document as often as it can; returns how often it was the first. */
    private Callable<Integer> racer(int rounds) {
        return () -> {
            start.await();
            int won = 0;
            for (int i = 0; i < rounds; i++) {
                Document now = store.get("twin", "d1").orElseThrow();
                try {
                    store.update("twin", "d1", now.version(), Integer.toString(Integer.parseInt(now.body()) + 1));
                    won++;
                } catch (StoreConflict e) {
                    assertThat(e).hasMessageContaining("is not at version");
                }
            }
            return won;
        };
    }

    @Test
    void forgets_everything_when_closed_and_says_so_when_used_again() {
        store.insert("device", "d1", "{}");
        store.close();
        assertThatCode(store::close).doesNotThrowAnyException();
        assertThatThrownBy(() -> store.get("device", "d1"))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("cannot read a device");
    }

    @Test
    void leaves_no_thread_after_twenty_starts() {
        Set<Thread> before = Set.copyOf(Thread.getAllStackTraces().keySet());
        for (int i = 0; i < 20; i++) {
            try (JdbcStore another = JdbcStore.inMemory()) {
                another.insert("device", "d1", "{}"); // would be there already, were the data shared
            }
        }
        Awaitility.await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> !before.contains(thread))
                        .map(Thread::getName)
                        .filter(name -> name.contains("hubwire") || name.contains("H2") || name.contains("Hikari"))
                        .collect(Collectors.toSet()))
                .isEmpty());
    }
}
