package io.hubwire.localhub.store;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;

/** Somebody else was first: the id is taken, or the document has another version by now, or it is gone. */
public final class StoreConflict extends HubwireException {
    private static final long serialVersionUID = 1L;

    StoreConflict(String message) {
        super(ErrorCode.CONFLICT, message, null);
    }
}
