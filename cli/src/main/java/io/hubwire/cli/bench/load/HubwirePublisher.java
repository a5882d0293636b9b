package io.hubwire.cli.bench.load;

import io.hubwire.mqtt.BlockingClient;
import io.hubwire.mqtt.ClientOptions;
import io.hubwire.mqtt.DeviceClient;
import io.hubwire.protocol.Message;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Our device client, as an application uses it. */
public final class HubwirePublisher implements Publisher {
    private final BlockingClient blocking;
    private final DeviceClient device;
    private final Message message;

    /** @param window of the client; the load generator's own should be the same */
    public HubwirePublisher(Target target, int window) {
        ClientOptions options = ClientOptions.builder()
                .port(target.port())
                .trust(target.trust())
                .window(window)
                .build();
        this.device = DeviceClient.of(target.connection(), options);
        this.blocking = device.blocking();
        this.message = Message.builder(target.body()).build();
    }

    @Override
    public void connect() {
        blocking.connect();
    }

    @Override
    public void publish(Consumer<@Nullable Throwable> done) {
        var unused = device.send(message).whenComplete((result, failure) -> done.accept(failure));
    }

    @Override
    public void publishAndWait() {
        blocking.send(message);
    }

    @Override
    public void close() {
        device.close();
    }
}
