package io.hubwire.dps;

import java.util.concurrent.CompletableFuture;

/**
 * Connects a device to the hub that DPS gave it, over whatever protocol the caller speaks.
 *
 * <pre>{@code
 * HubConnector<DeviceClient> connector = assignment -> {
 *     DeviceClient device = DeviceClient.of(
 *             ConnectionString.ofIdentity(assignment.hubHostName(), Identity.device(assignment.deviceId()), key), options);
 *     return device.connect().thenApply(connected -> device).whenComplete((open, refused) -> {
 *         if (refused != null) {
 *             device.closeAsync();
 *         }
 *     });
 * };
 * }</pre>
 *
 * @param <C> what a connection gives; closed if it is {@link AutoCloseable} and nobody waits for it any more
 */
@FunctionalInterface
public interface HubConnector<C> {
    /**
     * Connects once, and waits no longer than the caller would: on trouble it is called again.
     *
     * @return completes when the hub has accepted the device; exceptionally, after closing what was opened, with a {@link
     *     io.hubwire.protocol.HubwireException} whose code decides what is next: {@code UNAUTHORIZED}, {@code NOT_FOUND},
     *     {@code FORBIDDEN} and {@code DISABLED} mean that this hub refuses the device for good, a retryable one that it may
     *     accept it later, anything else ends the search
     */
    CompletableFuture<C> connect(Assignment assignment);
}
