package io.hubwire.service;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.https.Await;
import io.hubwire.https.HttpsRequest;
import java.util.concurrent.CompletableFuture;

/** Counts of the hub; may lag behind by some seconds. Failures as {@link ServiceClient} says. Source: service-rest 4. */
public final class Statistics {
    /** How many identities there are, modules not counted. */
    public record Devices(long total, long enabled, long disabled) {}

    private final ServiceCalls calls;
    private final Blocking blocking = new Blocking();

    Statistics(ServiceCalls calls) {
        this.calls = calls;
    }

    /** The same, waiting. */
    public Blocking blocking() {
        return blocking;
    }

    /** How many devices are registered. */
    public CompletableFuture<Devices> devices() {
        return calls.send(HttpsRequest.get("statistics", "devices")).thenApply(answer -> {
            ObjectNode counts = Answers.object("device statistics", answer);
            return new Devices(
                    Fields.number(counts, "totalDeviceCount"),
                    Fields.number(counts, "enabledDeviceCount"),
                    Fields.number(counts, "disabledDeviceCount"));
        });
    }

    /** How many devices are connected now. */
    public CompletableFuture<Long> connectedDevices() {
        return calls.send(HttpsRequest.get("statistics", "service"))
                .thenApply(
                        answer -> Fields.number(Answers.object("service statistics", answer), "connectedDeviceCount"));
    }

    /** {@link Statistics}, waiting for each answer; failures are thrown. */
    public final class Blocking {
        private Blocking() {}

        /** @see Statistics#devices */
        public Devices devices() {
            return Await.on(Statistics.this.devices());
        }

        /** @see Statistics#connectedDevices */
        public long connectedDevices() {
            return Await.on(Statistics.this.connectedDevices());
        }
    }
}
