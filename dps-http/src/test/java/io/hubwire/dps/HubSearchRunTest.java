package io.hubwire.dps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.time.FakeTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The driver of {@link HubSearch}, on time that stands still, with its file on a real disk. */
@Timeout(30)
class HubSearchRunTest {
    private static final Duration LIMIT = Duration.ofMinutes(30);

    @TempDir
    private Path folder;

    private final FakeTime time = new FakeTime(Instant.parse("2026-01-01T00:00:00Z"));
    private final Random random = new Random(5);
    private final RegistrationPace pace = new RegistrationPace(random);
    private final Deque<CompletableFuture<Assignment>> registrations = new ArrayDeque<>();
    private final List<String> done = new ArrayList<>();
    private final ScriptedHubs hubs = new ScriptedHubs();

    /** Notes where a device comes and answers as told. */
    private final class ScriptedHubs implements HubConnector<Connection> {
        private final Deque<CompletableFuture<Connection>> answers = new ArrayDeque<>();

        @Override
        public CompletableFuture<Connection> connect(Assignment assignment) {
            done.add("connect " + assignment.hubHostName());
            return answers.remove();
        }

        CompletableFuture<Connection> next() {
            CompletableFuture<Connection> answer = new CompletableFuture<>();
            answers.add(answer);
            return answer;
        }

        void refuse(ErrorCode code) {
            next().completeExceptionally(HubSearchTest.failure(code));
        }
    }

    private static final class Connection implements AutoCloseable {
        private boolean closed;

        @Override
        public void close() {
            closed = true;
        }
    }

    @Test
    void registers_once_remembers_and_comes_back_without_asking() throws Exception {
        registrations.add(CompletableFuture.completedFuture(HubSearchTest.assignment("home-hub")));
        Connection connection = new Connection();
        hubs.next().complete(connection);
        assertThat(start(run(file())).get()).isSameAs(connection);
        assertThat(Files.readString(path()))
                .isEqualTo("{\"version\":1,\"idScope\":\"0ne00111111\",\"registrationId\":\"d1\","
                        + "\"assignedHub\":\"home-hub\",\"deviceId\":\"d1\","
                        + "\"registeredAt\":\"2026-01-01T00:00:00.0000000Z\"}");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
                .isEqualTo("rw-------");
        hubs.next().complete(connection);
        assertThat(start(run(file())).get()).isSameAs(connection);
        assertThat(done).containsExactly("register", "connect home-hub", "connect home-hub");
        assertThat(time.pendingTasks()).as("no timer is left").isZero();
    }

    @Test
    void a_refused_device_registers_again_and_forgets_the_old_hub() throws Exception {
        file().write(HubSearchTest.assignment("old-hub"), time.instant().minus(Duration.ofDays(9)));
        hubs.refuse(ErrorCode.NOT_FOUND);
        CompletableFuture<Connection> result = start(run(file()));
        registrations.add(CompletableFuture.completedFuture(HubSearchTest.assignment("new-hub")));
        hubs.next().complete(new Connection());
        time.advance(RegistrationPace.SPREAD);
        assertThat(result).isCompleted();
        assertThat(done).containsExactly("connect old-hub", "register", "connect new-hub");
        assertThat(file().read().orElseThrow().assignment().hubHostName()).isEqualTo("new-hub");
    }

    @Test
    void cancelling_gives_up_and_closes_what_comes_too_late() {
        file().write(HubSearchTest.assignment("home-hub"), time.instant());
        Connection late = new Connection();
        CompletableFuture<Connection> stubborn = new CompletableFuture<>() {
            @Override
            public boolean cancel(boolean mayInterruptIfRunning) {
                return false; // the hub has already said yes
            }
        };
        hubs.answers.add(stubborn);
        CompletableFuture<Connection> result = start(run(file()));
        result.cancel(true);
        stubborn.complete(late);
        assertThat(late.closed).isTrue();
        assertThat(time.pendingTasks()).isZero();
    }

    @Test
    void the_limit_ends_it_with_the_hubs_last_word() {
        file().write(HubSearchTest.assignment("home-hub"), time.instant());
        for (int i = 0; i < 200; i++) {
            hubs.refuse(ErrorCode.SERVER_ERROR);
        }
        registrations.add(new CompletableFuture<>());
        CompletableFuture<Connection> result = start(run(file()));
        time.advance(LIMIT);
        assertFails(result, ErrorCode.SERVER_ERROR);
        assertThat(registrations).isEmpty();
        assertThat(time.pendingTasks()).isZero();
    }

    @Test
    void a_connector_that_throws_ends_it() {
        registrations.add(CompletableFuture.completedFuture(HubSearchTest.assignment("home-hub")));
        HubSearchRun<Connection> run = new HubSearchRun<>(
                new HubSearch("device [d1]", Duration.ofMinutes(15), pace, random),
                assignment -> {
                    throw new IllegalArgumentException("no such option");
                },
                surroundings(null));
        assertFails(run.start(null, LIMIT), ErrorCode.CANCELLED);
    }

    @Test
    void a_file_that_cannot_be_written_is_no_reason_to_stay_away() throws Exception {
        Path notAFolder = Files.writeString(folder.resolve("file"), "x");
        AssignmentFile impossible = new AssignmentFile(notAFolder.resolve("a.json"), "0ne00111111", "d1");
        registrations.add(CompletableFuture.completedFuture(HubSearchTest.assignment("home-hub")));
        hubs.next().complete(new Connection());
        assertThat(run(impossible).start(null, LIMIT)).isCompleted();
    }

    @Test
    void damaged_foreign_and_missing_files_count_as_none() throws Exception {
        assertThat(file().read()).isEmpty();
        Files.writeString(path(), "{\"version\":1,");
        assertThat(file().read()).isEmpty();
        Files.writeString(path(), "[]");
        assertThat(file().read()).isEmpty();
        file().write(HubSearchTest.assignment("home-hub"), time.instant());
        assertThat(file().read()).isPresent();
        assertThat(new AssignmentFile(path(), "0ne00111111", "d2").read()).isEmpty();
        assertThat(new AssignmentFile(path(), "0ne00222222", "d1").read()).isEmpty();
        for (String part : List.of("\"version\":1", "\"assignedHub\":\"home-hub\"", "\"registeredAt\":\"2026")) {
            String whole = Files.readString(path());
            Files.writeString(path(), whole.replace(part, part.replace("\":", "x\":")));
            assertThat(file().read()).as(part).isEmpty();
            Files.writeString(path(), whole);
        }
        assertThat(Files.list(folder)).as("nothing is left beside it").containsExactly(path());
    }

    private CompletableFuture<Connection> start(HubSearchRun<Connection> run) {
        Assignment known =
                file().read().map(AssignmentFile.Remembered::assignment).orElse(null);
        file().read().ifPresent(r -> pace.registered(r.registeredAt()));
        return run.start(known, LIMIT);
    }

    private HubSearchRun<Connection> run(AssignmentFile file) {
        return new HubSearchRun<>(
                new HubSearch("device [d1]", Duration.ofMinutes(15), pace, random), hubs, surroundings(file));
    }

    private HubSearchRun.Surroundings surroundings(@Nullable AssignmentFile file) {
        return new HubSearchRun.Surroundings(
                () -> {
                    done.add("register");
                    return registrations.remove();
                },
                file,
                pace,
                time,
                time);
    }

    private AssignmentFile file() {
        return new AssignmentFile(path(), "0ne00111111", "d1");
    }

    private Path path() {
        return folder.resolve("assignment.json");
    }

    private static void assertFails(CompletableFuture<Connection> result, ErrorCode code) {
        assertThat(result).isCompletedExceptionally();
        assertThatThrownBy(result::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        HubwireException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
