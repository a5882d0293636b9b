package io.hubwire.cli.tour;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * How a step ended.
 *
 * @param millis how long it took
 * @param story one line for people
 * @param detail what the other side really saw
 */
public record StepResult(Step step, boolean ok, long millis, String story, ObjectNode detail) {
    public StepResult {
        detail = detail.deepCopy();
    }

    @Override
    public ObjectNode detail() {
        return detail.deepCopy();
    }
}
