package io.hubwire.localhub.store.log;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import org.jspecify.annotations.Nullable;

/** A log cannot be read or written. What was being appended is not in it. */
public final class LogException extends HubwireException {
    private static final long serialVersionUID = 1L;

    LogException(String message, @Nullable Throwable cause) {
        super(ErrorCode.STORAGE_FAILED, message, cause);
    }
}
