package io.hubwire.service;

import java.util.List;

/**
 * Feedback handed out together. Locked for the one who received it, for 60 s unless the hub is set otherwise; complete it,
 * or it comes again. Source: service-rest 13.4.
 *
 * @param lockToken for {@link CloudToDevice#completeFeedback} and {@link CloudToDevice#abandonFeedback}
 * @param records at most 64
 */
public record FeedbackBatch(String lockToken, List<FeedbackRecord> records) {
    public FeedbackBatch {
        records = List.copyOf(records);
    }
}
