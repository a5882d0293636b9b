package io.hubwire.dps;

import io.hubwire.https.Await;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.time.Timer;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what {@link HubSearch} decides. Events come from several threads, one at a time goes in. */
final class HubSearchRun<C> {
    private static final Logger log = LoggerFactory.getLogger(HubSearchRun.class);

    /**
     * What a run needs and does not own.
     *
     * @param pacing guards {@link RegistrationPace}, which runs share
     * @param file null to remember nothing
     */
    record Surroundings(
            Supplier<CompletableFuture<Assignment>> register,
            @Nullable AssignmentFile file,
            Object pacing,
            Clock clock,
            Timer timer) {}

    private final HubSearch machine;
    private final HubConnector<C> connector;
    private final Surroundings with;
    private final CompletableFuture<C> result = new CompletableFuture<>();
    private final UnderWay underWay = new UnderWay(result);

    HubSearchRun(HubSearch machine, HubConnector<C> connector, Surroundings surroundings) {
        this.machine = machine;
        this.connector = connector;
        this.with = surroundings;
    }

    CompletableFuture<C> start(@Nullable Assignment known, Duration limit) {
        Timer.Scheduled end = with.timer().schedule(limit, () -> feed(machine::onDeadline));
        result.whenComplete((connection, failure) -> {
            end.cancel();
            if (result.isCancelled()) {
                abort("the caller cancelled");
            }
            underWay.release();
        });
        feed(() -> machine.begin(known));
        return result;
    }

    void abort(String why) {
        feed(() -> machine.abort(
                new DpsException(ErrorCode.CANCELLED, "search for a hub: " + why, null, null, null, null)));
    }

    private void feed(Supplier<HubSearch.Step> event) {
        HubSearch.Step step;
        synchronized (with.pacing()) {
            step = event.get();
        }
        perform(step);
    }

    private void perform(HubSearch.Step step) {
        if (step instanceof HubSearch.Step.Register) {
            register();
        } else if (step instanceof HubSearch.Step.Connect connect) {
            connect(connect.assignment());
        } else if (step instanceof HubSearch.Step.Wait wait) {
            log.info(
                    "the device {} again in {} ms: {}",
                    wait.next(),
                    wait.delay().toMillis(),
                    wait.reason().getMessage());
            Timer.Scheduled due = with.timer().schedule(wait.delay(), () -> feed(machine::onTimer));
            underWay.set(due::cancel);
        } else if (step instanceof HubSearch.Step.Failed failed) {
            result.completeExceptionally(failed.cause());
        } else if (!(step instanceof HubSearch.Step.Found || step instanceof HubSearch.Step.Nothing)) {
            throw new IllegalStateException("no way to perform [" + step + "]");
        }
    }

    private void register() {
        CompletableFuture<Assignment> call;
        try {
            call = with.register().get();
        } catch (IllegalStateException closed) {
            abort("the client was closed");
            return;
        }
        underWay.set(() -> call.cancel(true));
        call.whenComplete((assignment, failure) -> {
            if (failure == null) {
                remember(assignment);
                feed(() -> machine.onAssigned(assignment, with.clock().instant()));
            } else {
                feed(() -> machine.onNotAssigned(known(failure)));
            }
        });
    }

    private void connect(Assignment assignment) {
        CompletableFuture<C> call;
        try {
            call = connector.connect(assignment);
        } catch (RuntimeException refused) {
            call = CompletableFuture.failedFuture(refused);
        }
        CompletableFuture<C> connecting = call;
        underWay.set(() -> connecting.cancel(true));
        connecting.whenComplete((connection, failure) -> {
            if (failure == null) {
                feed(machine::onAccepted);
                if (!result.complete(connection)) {
                    discard(connection);
                }
            } else {
                feed(() -> machine.onNotAccepted(known(failure), with.clock().instant()));
            }
        });
    }

    /** A failure to remember costs a registration at the next start, so it is no reason to stay away from the hub. */
    private void remember(Assignment assignment) {
        Optional.ofNullable(with.file()).ifPresent(file -> {
            try {
                file.write(assignment, with.clock().instant());
            } catch (HubwireException e) {
                log.warn("the device will register again at its next start: {}", e.getMessage());
            }
        });
    }

    /** The search was given up while the hub said yes. */
    private static void discard(Object connection) {
        if (connection instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception e) {
                log.warn("a connection that nobody waits for did not close", e);
            }
        }
    }

    private static HubwireException known(Throwable failure) {
        Throwable cause = Await.cause(failure);
        return cause instanceof HubwireException known
                ? known
                : new DpsException(
                        ErrorCode.CANCELLED,
                        "search for a hub: the connector failed: " + cause,
                        null,
                        null,
                        null,
                        cause);
    }
}
