package io.hubwire.interop;

import com.microsoft.azure.sdk.iot.device.ClientOptions;
import com.microsoft.azure.sdk.iot.device.DeviceClient;
import com.microsoft.azure.sdk.iot.device.IotHubClientProtocol;
import com.microsoft.azure.sdk.iot.device.Message;
import io.hubwire.interop.Hubwire.Device;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many messages a second the official Java device SDK gets acknowledged over MQTT, 1 KB each: {@code tests/interop/run
 * rate}. A measurement, not a test: it fails only when a message does.
 */
final class SendRate {
    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final Duration MEASURED = Duration.ofSeconds(10);
    private static final int BODY_BYTES = 1024;

    private final DeviceClient client;

    private SendRate(DeviceClient client) {
        this.client = client;
    }

    public static void main(String[] args) throws Exception {
        Device device = Hubwire.newDevice("rate");
        DeviceClient client = new DeviceClient(
                device.connectionString(),
                IotHubClientProtocol.MQTT,
                ClientOptions.builder().sslContext(Hubwire.trust()).build());
        client.open(false);
        int before = Thread.activeCount();
        try {
            SendRate rate = new SendRate(client);
            for (int window : new int[] {100, 1000}) {
                rate.outstanding(window, WARM_UP);
                System.out.printf("official Java SDK, window %d: %.0f a second%n", window, rate.outstanding(window, MEASURED));
            }
            rate.oneByOne(WARM_UP);
            System.out.printf("official Java SDK, one by one: %.0f a second%n", rate.oneByOne(MEASURED));
            System.out.printf("threads in its JVM's main group: %d%n", before);
        } finally {
            client.close();
        }
    }

    /** @return acknowledged messages a second, with at most so many not yet acknowledged */
    private double outstanding(int window, Duration during) throws InterruptedException {
        Semaphore free = new Semaphore(window);
        AtomicLong acknowledged = new AtomicLong();
        AtomicLong failed = new AtomicLong();
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < during.toNanos()) {
            free.acquire();
            client.sendEventAsync(
                    new Message(new byte[BODY_BYTES]),
                    (message, failure, context) -> {
                        (failure == null ? acknowledged : failed).incrementAndGet();
                        free.release();
                    },
                    null);
        }
        free.acquire(window);
        if (failed.get() > 0) {
            throw new IllegalStateException(failed + " of " + (failed.get() + acknowledged.get()) + " messages failed");
        }
        return acknowledged.get() * 1e9 / (System.nanoTime() - begin);
    }

    /** @return messages a second, each sent when the one before was acknowledged */
    private double oneByOne(Duration during) throws Exception {
        long sent = 0;
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < during.toNanos()) {
            client.sendEvent(new Message(new byte[BODY_BYTES]));
            sent++;
        }
        return sent * 1e9 / (System.nanoTime() - begin);
    }
}
