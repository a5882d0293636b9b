package io.hubwire.mqtt;

import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.Message;

/**
 * An {@link IotHubClient} whose operations wait for their outcome and throw what went wrong, a {@link HubwireException}.
 * Has no behaviour of its own. May be used on the callback thread.
 */
public final class BlockingClient {
    private final HubClient hub;

    BlockingClient(HubClient hub) {
        this.hub = hub;
    }

    /** See {@link IotHubClient#connect()}. */
    public void connect() {
        Await.outcome(hub.connect());
    }

    /** See {@link IotHubClient#send(Message)}. */
    public SendResult send(Message message) {
        return Await.outcome(hub.send(message));
    }

    /** See {@link IotHubClient#twin()}. */
    public Twin twin() {
        return Await.outcome(hub.twin());
    }

    /** See {@link IotHubClient#report(String)}. */
    public long report(String patch) {
        return Await.outcome(hub.report(patch, null));
    }

    /** See {@link IotHubClient#report(String, long)}. */
    public long report(String patch, long baseVersion) {
        return Await.outcome(hub.report(patch, baseVersion));
    }
}
