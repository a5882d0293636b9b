package io.hubwire.localhub.amqp;

import org.apache.qpid.protonj2.types.transport.ErrorCondition;

/** A link is not opened. Expected in normal operation, so it carries no stack trace. */
final class LinkRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient ErrorCondition condition;

    LinkRefused(String condition, String description) {
        this(new ErrorCondition(condition, description));
    }

    LinkRefused(ErrorCondition condition) {
        super(condition.getDescription(), null, false, false);
        this.condition = condition;
    }

    /** What the peer is told. */
    ErrorCondition condition() {
        return condition;
    }
}
