package io.hubwire.mqtt;

import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.Message;

/**
 * A {@link DeviceClient} whose operations wait for their outcome and throw what went wrong, a {@link HubwireException}. Has
 * no behaviour of its own. May be used on the callback thread.
 */
public final class BlockingDeviceClient implements AutoCloseable {
    private final DeviceClient device;
    private final HubClient hub;

    BlockingDeviceClient(DeviceClient device, HubClient hub) {
        this.device = device;
        this.hub = hub;
    }

    /** The asynchronous client, which also sets handlers. */
    public DeviceClient async() {
        return device;
    }

    /** See {@link DeviceClient#connect()}. */
    public void connect() {
        Await.outcome(hub.connect());
    }

    /** See {@link DeviceClient#send(Message)}. */
    public SendResult send(Message message) {
        return Await.outcome(hub.send(message));
    }

    /** See {@link DeviceClient#twin()}. */
    public Twin twin() {
        return Await.outcome(hub.twin());
    }

    /** See {@link DeviceClient#report(String)}. */
    public long report(String patch) {
        return Await.outcome(hub.report(patch, null));
    }

    /** See {@link DeviceClient#report(String, long)}. */
    public long report(String patch, long baseVersion) {
        return Await.outcome(hub.report(patch, baseVersion));
    }

    /** See {@link DeviceClient#close()}. */
    @Override
    public void close() {
        device.close();
    }
}
