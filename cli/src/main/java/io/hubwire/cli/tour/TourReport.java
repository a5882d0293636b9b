package io.hubwire.cli.tour;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The whole tour.
 *
 * @param hub {@code embedded}, or the host it ran on
 * @param steps all of {@link Step}, in order
 */
public record TourReport(String hub, List<StepResult> steps) {
    public TourReport {
        steps = List.copyOf(steps);
    }

    /** Whether every step was done. */
    public boolean ok() {
        return steps.size() == Step.values().length && steps.stream().allMatch(StepResult::ok);
    }

    /** {@code {"hub","steps":[{"name","ok","millis","detail"}],"ok"}}. */
    public ObjectNode json() {
        ObjectNode report = JsonNodeFactory.instance.objectNode().put("hub", hub);
        var list = report.putArray("steps");
        for (StepResult s : steps) {
            list.addObject()
                    .put("name", s.step().wireName())
                    .put("ok", s.ok())
                    .put("millis", s.millis())
                    .set("detail", s.detail());
        }
        return report.put("ok", ok());
    }
}
