package io.hubwire.localhub.engine.jobs;

import io.hubwire.localhub.engine.DirectMethods.Call;
import io.hubwire.localhub.engine.DirectMethods.Result;
import io.hubwire.localhub.engine.ETagMatch;
import io.hubwire.localhub.engine.Hub;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.localhub.engine.jobs.JobRequest.Work;
import io.hubwire.localhub.engine.search.Rows;
import io.hubwire.localhub.engine.search.TwinRows;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.time.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Drives one job: first finds its devices, page by page, then works on them. Each step is a task of the hub's timer that
 * ends within some milliseconds and plans the next, so that nothing else on the timer waits for a large job.
 */
final class JobRun {
    private static final int PAGE = 200;
    private static final int TWINS_AT_ONCE = 25;
    private static final int METHODS_AT_ONCE = 50;

    private final Job job;
    private final Hub hub;
    private final Rows targets;
    private final Runnable ended;
    private final Timer.Scheduled deadline;
    private int methodsUnderWay;
    private boolean over;

    /**
     * Begins at once.
     *
     * @param targets twins among which the job's devices are
     * @param ended runs once, when nothing more will be done
     */
    JobRun(Job job, Hub hub, Rows targets, Runnable ended) {
        this.job = job;
        this.hub = hub;
        this.targets = targets;
        this.ended = ended;
        Duration left = Duration.between(hub.clock().instant(), job.deadline());
        this.deadline = hub.timer().schedule(left.isNegative() ? Duration.ZERO : left, () -> {
            job.expire(hub.clock().instant());
            endIfOver();
        });
        if (job.knowsItsTargets()) {
            job.targetsAreKnown(hub.clock().instant()); // all of them may be over
            soon(this::work);
        } else {
            soon(() -> find(null));
        }
    }

    private void soon(Runnable step) {
        hub.timer().schedule(Duration.ZERO, step);
    }

    private void find(@Nullable String after) {
        if (endIfOver()) {
            return;
        }
        List<Rows.Row> page = targets.page(after, PAGE);
        if (page.isEmpty()) {
            job.targetsAreKnown(hub.clock().instant());
            soon(this::work);
            return;
        }
        job.addTargets(
                page.stream()
                        .map(Rows.Row::document)
                        .filter(job.request().target()::matches)
                        .map(TwinRows::identity)
                        .toList(),
                hub.clock().instant());
        soon(() -> find(page.get(page.size() - 1).id()));
    }

    private void work() {
        if (endIfOver()) {
            return;
        }
        if (job.request().work() instanceof Work.UpdateTwin update) {
            List<Identity> some = job.take(TWINS_AT_ONCE, hub.clock().instant());
            some.forEach(identity -> updateTwin(identity, update));
            if (!some.isEmpty()) {
                soon(this::work);
            }
        } else if (job.request().work() instanceof Work.InvokeMethod method) {
            takeForMethods().forEach(identity -> invoke(identity, method.call()));
        }
    }

    private void updateTwin(Identity identity, Work.UpdateTwin update) {
        try {
            hub.twins().patch(identity, update.body(), new ETagMatch.Any());
            job.succeeded(identity, null, hub.clock().instant());
        } catch (HubException e) {
            job.failed(identity, e, hub.clock().instant());
        } catch (HubwireException e) {
            job.failed(identity, failure(e), hub.clock().instant());
        }
    }

    private synchronized List<Identity> takeForMethods() {
        List<Identity> taken =
                job.take(METHODS_AT_ONCE - methodsUnderWay, hub.clock().instant());
        methodsUnderWay += taken.size();
        return taken;
    }

    private void invoke(Identity identity, Call call) {
        hub.methods().invoke(identity, call).whenComplete((answer, failure) -> {
            settle(identity, answer, failure);
            synchronized (this) {
                methodsUnderWay--;
            }
            soon(this::work); // not from here: an offline device has failed before this call returns
        });
    }

    private void settle(Identity identity, @Nullable Result answer, @Nullable Throwable failure) {
        if (failure == null) {
            job.succeeded(identity, answer, hub.clock().instant());
            return;
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        job.failed(
                identity,
                cause instanceof HubException e ? e : failure(cause),
                hub.clock().instant());
    }

    private static HubException failure(Throwable cause) {
        return new HubException(HubError.SERVER_ERROR, String.valueOf(cause.getMessage()));
    }

    private boolean endIfOver() {
        synchronized (this) {
            if (over) {
                return true;
            }
            if (!job.status().isEnd()) {
                return false;
            }
            over = true;
        }
        deadline.cancel();
        ended.run();
        return true;
    }
}
