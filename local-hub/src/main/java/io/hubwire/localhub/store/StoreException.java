package io.hubwire.localhub.store;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import org.jspecify.annotations.Nullable;

/** The database failed; the change did not happen, or, when the connection broke during a commit, may have. */
public final class StoreException extends HubwireException {
    private static final long serialVersionUID = 1L;

    StoreException(String message, @Nullable Throwable cause) {
        super(ErrorCode.STORAGE_FAILED, message, cause);
    }
}
