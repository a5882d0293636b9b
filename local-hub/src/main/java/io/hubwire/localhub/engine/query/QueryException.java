package io.hubwire.localhub.engine.query;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;

/** A query is wrong: where, and what should be there. The message has both. */
public final class QueryException extends HubwireException {
    private static final long serialVersionUID = 1L;

    private final int line;
    private final int column;

    /**
     * A complaint about one place.
     *
     * @param line from 1
     * @param column from 1
     * @param rule what is wrong there
     */
    QueryException(int line, int column, String rule) {
        super(ErrorCode.INVALID_ARGUMENT, "Invalid query at line " + line + ", column " + column + ": " + rule, null);
        this.line = line;
        this.column = column;
    }

    /** From 1. */
    public int line() {
        return line;
    }

    /** From 1. */
    public int column() {
        return column;
    }
}
