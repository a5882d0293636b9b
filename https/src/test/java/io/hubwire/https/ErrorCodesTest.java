package io.hubwire.https;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubError;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorCodesTest {
    /** The rows of service-rest 12.2 whose retry column says yes, without reservation. */
    private static final Set<HubError> WORTH_RETRYING = EnumSet.of(
            HubError.REQUEST_CANCELED,
            HubError.REQUEST_TIMED_OUT,
            HubError.CONNECTION_FORCEFULLY_CLOSED_ON_NEW_CONNECTION,
            HubError.CONNECTION_FORCEFULLY_CLOSED_ON_FAULT_INJECTION,
            HubError.CONNECTION_REJECTED_ON_FAULT_INJECTION,
            HubError.DEVICE_MAXIMUM_INFLIGHT_METHOD_EXCEEDED,
            HubError.IOT_HUB_FAILING_OVER,
            HubError.DEVICE_CONNECTION_CLOSED_REMOTELY,
            HubError.GENERIC_TOO_MANY_REQUESTS,
            HubError.THROTTLING_EXCEPTION,
            HubError.THROTTLE_BACKLOG_LIMIT_EXCEEDED,
            HubError.THROTTLING_BACKLOG_TIMEOUT,
            HubError.THROTTLING_MAX_ACTIVE_JOB_COUNT_EXCEEDED,
            HubError.DEVICE_THROTTLING_LIMIT_EXCEEDED,
            HubError.CLIENT_CLOSED_REQUEST,
            HubError.SERVER_ERROR,
            HubError.GENERIC_TIMEOUT,
            HubError.GENERIC_BAD_GATEWAY,
            HubError.GENERIC_SERVICE_UNAVAILABLE,
            HubError.SERVICE_UNAVAILABLE,
            HubError.PARTITION_NOT_FOUND,
            HubError.SERVER_BUSY,
            HubError.IOT_HUB_RESTORING,
            HubError.GENERIC_GATEWAY_TIMEOUT,
            HubError.GATEWAY_TIMEOUT);

    @ParameterizedTest
    @EnumSource(HubError.class)
    void what_the_error_table_says_of_retrying_holds(HubError error) {
        ErrorCode code = ErrorCodes.of(error.httpStatus(), error.number());
        assertThat(code.retryable()).as("%s -> %s", error, code).isEqualTo(WORTH_RETRYING.contains(error));
    }

    @ParameterizedTest
    @CsvSource({
        "401, 401003, UNAUTHORIZED",
        "403, 403002, QUOTA_EXCEEDED",
        "403, 403004, QUEUE_FULL",
        "403, 403012, DISABLED",
        "404, 404001, NOT_FOUND",
        "404, 404103, DEVICE_OFFLINE",
        "409, 409001, CONFLICT",
        "412, 412001, PRECONDITION_FAILED",
        "413, 413001, TOO_LARGE",
        "413, 413002, QUOTA_EXCEEDED",
        "429, 429003, THROTTLED",
        "504, 504101, TIMED_OUT",
        "400, 400001, UNSUPPORTED",
        "400, 0, INVALID_ARGUMENT",
        "403, 0, FORBIDDEN",
        "503, 0, SERVER_ERROR",
        "599, 0, SERVER_ERROR",
        "418, 0, INVALID_ARGUMENT",
        "302, 0, MALFORMED_REPLY"
    })
    void number_before_status(int status, int number, ErrorCode code) {
        assertThat(ErrorCodes.of(status, number)).isEqualTo(code);
    }

    @Test
    void every_number_of_the_table_has_its_own_status() {
        assertThat(HubError.values())
                .allSatisfy(e -> assertThat(e.number() / 1_000).isEqualTo(e.httpStatus()));
    }
}
