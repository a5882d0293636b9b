package io.hubwire.cli.tour;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.cli.output.Failure;
import io.hubwire.protocol.HubwireException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs steps one after another, tells each as it ends and keeps the results. After a step that failed the ones behind it
 * are not run, since each stands on what came before; {@link Step#CLEAN_UP} always runs.
 */
final class Narrator {
    /** What a step has to show. */
    record Shown(String story, ObjectNode detail) {}

    /** The work of one step. */
    @FunctionalInterface
    interface Work {
        Shown run() throws Exception;
    }

    private final Clock clock;
    private final Consumer<String> tell;
    private final List<StepResult> results = new ArrayList<>();
    private Step.@Nullable Tutorial told;
    private @Nullable Step failed;

    Narrator(Clock clock, Consumer<String> tell) {
        this.clock = clock;
        this.tell = tell;
    }

    /** Runs a step, unless an earlier one failed. @return whether it was done */
    boolean step(Step step, Work work) throws InterruptedException {
        if (told != step.tutorial()) {
            told = step.tutorial();
            tell.accept("");
            tell.accept(told.heading());
        }
        if (failed != null && step != Step.CLEAN_UP) {
            record(
                    step,
                    false,
                    0,
                    "not run, since " + failed.wireName() + " failed",
                    error("NOT_RUN", failed.wireName()));
            return false;
        }
        Instant start = clock.instant();
        try {
            Shown shown = work.run();
            record(step, true, since(start), shown.story(), shown.detail());
            return true;
        } catch (InterruptedException e) {
            throw e;
        } catch (HubwireException e) {
            Failure failure = Failure.of(e);
            record(step, false, since(start), failure.what(), error(e.code().name(), failure.what()));
        } catch (Exception e) {
            record(step, false, since(start), String.valueOf(e), error("UNEXPECTED", String.valueOf(e)));
        }
        if (failed == null) {
            failed = step;
        }
        return false;
    }

    /** A further line below the step just told. */
    void aside(String text) {
        tell.accept("       " + text);
    }

    List<StepResult> results() {
        return List.copyOf(results);
    }

    private void record(Step step, boolean ok, long millis, String story, ObjectNode detail) {
        results.add(new StepResult(step, ok, millis, story, detail));
        tell.accept(String.format("  %-4s %-27s %5d ms  %s", ok ? "ok" : "FAIL", step.wireName(), millis, story));
    }

    private long since(Instant start) {
        return Duration.between(start, clock.instant()).toMillis();
    }

    private static ObjectNode error(String code, String message) {
        ObjectNode detail = JsonNodeFactory.instance.objectNode();
        detail.putObject("error").put("code", code).put("message", message);
        return detail;
    }
}
