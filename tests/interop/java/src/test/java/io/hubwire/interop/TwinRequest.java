package io.hubwire.interop;

import com.microsoft.azure.sdk.iot.device.IotHubStatusCode;
import com.microsoft.azure.sdk.iot.device.exceptions.IotHubClientException;

/** A twin request of the official device SDK. */
interface TwinRequest<T> {
    int ANSWERED_WITHIN_MILLIS = 5_000;
    int ATTEMPTS = 5;

    T send(int withinMillis) throws Exception;

    /**
     * The SDK's answer to a twin request, asked again when the SDK has mislaid it. Version 2.5.0 hands an answer to its
     * receive thread before it looks up who waits for it; that thread forgets who waits once it is done, and when it is
     * done first, nobody is told (Azure/azure-iot-sdk-java issue 1803). The hub has answered each time: its trace shows it.
     */
    static <T> T answered(TwinRequest<T> request) throws Exception {
        for (int attempt = 1; ; attempt++) {
            try {
                return request.send(ANSWERED_WITHIN_MILLIS);
            } catch (IotHubClientException e) {
                if (e.getStatusCode() != IotHubStatusCode.DEVICE_OPERATION_TIMED_OUT || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }
}
