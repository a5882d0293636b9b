package io.hubwire.dps;

import java.util.List;

/**
 * What became of a bulk operation. It may fail in part; what is not listed was done.
 *
 * @param isSuccessful whether all of it was done
 */
public record BulkResult(boolean isSuccessful, List<Failure> failures) {
    /**
     * One that was not done.
     *
     * @param id of the enrollment
     * @param errorCode DPS's number
     * @param message for people; possibly empty
     */
    public record Failure(String id, int errorCode, String message) {}

    public BulkResult {
        failures = List.copyOf(failures);
    }
}
