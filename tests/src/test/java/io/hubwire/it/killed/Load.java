package io.hubwire.it.killed;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.auth.ConnectionString;
import io.hubwire.devicehttp.DeviceHttpOptions;
import io.hubwire.devicehttp.HttpDeviceClient;
import io.hubwire.devicehttp.LockedMessage;
import io.hubwire.https.RetryPolicy;
import io.hubwire.mqtt.ClientOptions;
import io.hubwire.mqtt.DeviceClient;
import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.SystemProperty;
import io.hubwire.service.Device;
import io.hubwire.service.IfMatch;
import io.hubwire.service.ServiceClient;
import io.hubwire.service.ServiceOptions;
import io.hubwire.service.TwinUpdate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Devices and a back end at work on one hub until it dies or they are stopped, each on a thread of its own. Whatever is
 * acknowledged goes into the books; whatever fails ends its worker, and that is all right: nothing was promised.
 */
final class Load implements AutoCloseable {
    static final String INBOX = "inbox";
    static final String TWIN = "twin";
    static final List<String> SENDERS = List.of("sender-1", "sender-2");
    private static final int WINDOW = 100;

    private final Books books;
    private final AtomicLong numbers;
    private final ServiceClient service;
    private final List<AutoCloseable> clients = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch stop = new CountDownLatch(1);

    /** @param numbers makes every name and number of the whole test different */
    Load(HubProcess hub, Books books, AtomicLong numbers) {
        this.books = books;
        this.numbers = numbers;
        this.service = service(hub);
        clients.add(service);
        for (String sender : SENDERS) {
            DeviceClient device = device(hub, sender);
            work("telemetry", () -> sendEvents(sender, device));
        }
        DeviceClient twin = device(hub, TWIN);
        twin.connect();
        work("reported", () -> report(twin));
        work("tags", this::tag);
        work("registry", this::createAndDelete);
        work("c2d", this::sendC2d);
        HttpDeviceClient inbox = HttpDeviceClient.open(DeviceHttpOptions.of(connection(hub, service, INBOX))
                .https(https -> https.port(hub.httpsPort()).trust(hub.trust()).retry(RetryPolicy.NEVER))
                .build());
        clients.add(inbox);
        work("inbox", () -> receiveC2d(inbox));
    }

    /** Waits until the first event is acknowledged. */
    void awaitBegun() throws InterruptedException {
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
    }

    static ServiceClient service(HubProcess hub) {
        return ServiceClient.open(ServiceOptions.of(hub.owner())
                .https(https -> https.port(hub.httpsPort()).trust(hub.trust()).retry(RetryPolicy.NEVER))
                .build());
    }

    static ConnectionString connection(HubProcess hub, ServiceClient service, String device) {
        Device registered = service.registry().blocking().get(new DeviceId(device));
        return ConnectionString.ofIdentity(
                hub.owner().hostName(),
                Identity.device(device),
                registered.primaryKey().orElseThrow());
    }

    private DeviceClient device(HubProcess hub, String id) {
        DeviceClient client = DeviceClient.of(
                connection(hub, service, id),
                ClientOptions.builder().port(hub.mqttPort()).trust(hub.trust()).build());
        clients.add(client);
        return client;
    }

    private interface Step {
        void take() throws InterruptedException;
    }

    private void work(String name, Step step) {
        Thread thread = new Thread(
                () -> {
                    try {
                        while (stop.getCount() > 0) {
                            step.take();
                        }
                    } catch (HubwireException | IllegalStateException hubIsGone) {
                        return;
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "load-" + name);
        threads.add(thread);
        thread.start();
    }

    private void sendEvents(String sender, DeviceClient device) throws InterruptedException {
        device.blocking().connect();
        Semaphore window = new Semaphore(WINDOW);
        while (stop.getCount() > 0) {
            if (!window.tryAcquire(100, TimeUnit.MILLISECONDS)) {
                continue;
            }
            String event = sender + "/" + numbers.incrementAndGet();
            device.send(Message.of(event)).whenComplete((result, failure) -> {
                if (failure == null) {
                    books.events.add(event);
                    begun.countDown();
                }
                window.release();
            });
        }
    }

    private void report(DeviceClient device) {
        long value = books.reported.next();
        device.blocking().report("{\"n\":" + value + "}");
        books.reported.acknowledge(value);
    }

    private void tag() {
        long value = books.tags.next();
        service.twins().blocking().patch(Identity.device(TWIN), TwinUpdate.tags("{\"n\":" + value + "}"), IfMatch.ANY);
        books.tags.acknowledge(value);
    }

    private void createAndDelete() {
        String kept = "kept-" + numbers.incrementAndGet();
        service.registry().blocking().create(Device.of(kept));
        books.created.add(kept);
        String brief = "brief-" + numbers.incrementAndGet();
        service.registry().blocking().create(Device.of(brief));
        service.registry().blocking().delete(new DeviceId(brief), IfMatch.ANY);
        books.deleted.add(brief);
    }

    private void sendC2d() throws InterruptedException {
        String id = "c2d-" + numbers.incrementAndGet();
        Message message = Message.builder(id)
                .messageId(id)
                .system(SystemProperty.ACK, "full")
                .build();
        try {
            service.c2d().blocking().send(new DeviceId(INBOX), message);
            books.c2dAccepted.add(id);
        } catch (HubwireException e) {
            if (e.code() != ErrorCode.QUEUE_FULL) {
                throw e;
            }
            stop.await(20, TimeUnit.MILLISECONDS); // the device is slower than the back end
        }
    }

    private void receiveC2d(HttpDeviceClient device) throws InterruptedException {
        Optional<LockedMessage> next = device.blocking().receive();
        if (next.isEmpty()) {
            stop.await(5, TimeUnit.MILLISECONDS);
            return;
        }
        String id = next.get().message().messageId().orElseThrow();
        books.seen(id);
        device.blocking().complete(next.get().lockToken());
        books.c2dCompleted.add(id);
    }

    /** Ends the workers and their clients; call it when the hub is dead or idle. */
    @Override
    public void close() throws Exception {
        stop.countDown();
        for (AutoCloseable client : clients) {
            client.close();
        }
        for (Thread thread : threads) {
            thread.join(10_000);
            if (thread.isAlive()) {
                throw new AssertionError(thread.getName() + " does not end");
            }
        }
    }
}
