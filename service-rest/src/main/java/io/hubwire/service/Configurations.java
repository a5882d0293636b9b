package io.hubwire.service;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.https.Await;
import io.hubwire.https.HttpsResponse;
import io.hubwire.protocol.DeviceId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * Automatic device configurations and Edge deployments. Failures as {@link ServiceClient} says; those that matter here are
 * {@code NOT_FOUND}, {@code CONFLICT}, {@code PRECONDITION_FAILED}, and {@code INVALID_ARGUMENT} for a condition or query
 * that does not parse and for changed content. Source: service-rest 10.
 */
public final class Configurations {
    /**
     * What a test of conditions and queries found.
     *
     * @param targetConditionError empty when it is right
     * @param metricQueryErrors by metric, of those that are wrong
     */
    public record QueryTest(Optional<String> targetConditionError, Map<String, String> metricQueryErrors) {
        public QueryTest {
            metricQueryErrors = Map.copyOf(metricQueryErrors);
        }
    }

    private final ServiceCalls calls;
    private final Blocking blocking = new Blocking();

    Configurations(ServiceCalls calls) {
        this.calls = calls;
    }

    /** The same, waiting. */
    public Blocking blocking() {
        return blocking;
    }

    /** Creates one; completes with what the hub made of it. {@code CONFLICT} when the id is taken. */
    public CompletableFuture<Configuration> create(Configuration configuration) {
        return calls.send(ConfigurationRequests.create(configuration)).thenApply(Configurations::configuration);
    }

    /** Reads one. {@code NOT_FOUND} when there is none. */
    public CompletableFuture<Configuration> get(String id) {
        return calls.send(ConfigurationRequests.get(id)).thenApply(Configurations::configuration);
    }

    /** Replaces all but the content, which must be the same. */
    public CompletableFuture<Configuration> update(Configuration configuration, IfMatch condition) {
        return calls.send(ConfigurationRequests.update(configuration, condition))
                .thenApply(Configurations::configuration);
    }

    /** Deletes one. {@code PRECONDITION_FAILED} as the condition says. */
    public CompletableFuture<Void> delete(String id, IfMatch condition) {
        return calls.send(ConfigurationRequests.delete(id, condition)).thenAccept(answer -> {});
    }

    /**
     * All of them, in no particular order.
     *
     * @param top 1 to 100, which is as many as a hub has
     * @throws io.hubwire.protocol.InvalidInputException when {@code top} is out of that range
     */
    public CompletableFuture<List<Configuration>> list(int top) {
        return calls.send(ConfigurationRequests.list(top))
                .thenApply(answer -> Answers.list("list of configurations", answer, Configuration::read));
    }

    /** Asks whether a target condition and metric queries are right, without creating anything. */
    public CompletableFuture<QueryTest> testQueries(String targetCondition, Map<String, String> metricQueries) {
        return calls.send(ConfigurationRequests.testQueries(targetCondition, metricQueries))
                .thenApply(answer -> {
                    ObjectNode result = Answers.object("query test", answer);
                    Map<String, String> errors = new TreeMap<>();
                    Fields.object(result, "customMetricQueryErrors")
                            .properties()
                            .forEach(e -> errors.put(e.getKey(), e.getValue().asText()));
                    return new QueryTest(Fields.text(result, "targetConditionError"), errors);
                });
    }

    /**
     * Applies content to one Edge device, at once and without a configuration.
     *
     * @param contentJson for example {@code {"modulesContent":{"$edgeAgent":{…}}}}
     */
    public CompletableFuture<Void> applyOnDevice(DeviceId device, String contentJson) {
        return calls.send(ConfigurationRequests.applyOnDevice(device, contentJson))
                .thenAccept(answer -> {});
    }

    private static Configuration configuration(HttpsResponse answer) {
        return Configuration.read(Answers.entity("configuration", answer));
    }

    /** {@link Configurations}, waiting for each answer; failures are thrown. */
    public final class Blocking {
        private Blocking() {}

        /** @see Configurations#create */
        public Configuration create(Configuration configuration) {
            return Await.on(Configurations.this.create(configuration));
        }

        /** @see Configurations#get */
        public Configuration get(String id) {
            return Await.on(Configurations.this.get(id));
        }

        /** @see Configurations#update */
        public Configuration update(Configuration configuration, IfMatch condition) {
            return Await.on(Configurations.this.update(configuration, condition));
        }

        /** @see Configurations#delete */
        public void delete(String id, IfMatch condition) {
            Await.on(Configurations.this.delete(id, condition));
        }

        /** @see Configurations#list */
        public List<Configuration> list(int top) {
            return Await.on(Configurations.this.list(top));
        }

        /** @see Configurations#testQueries */
        public QueryTest testQueries(String targetCondition, Map<String, String> metricQueries) {
            return Await.on(Configurations.this.testQueries(targetCondition, metricQueries));
        }

        /** @see Configurations#applyOnDevice */
        public void applyOnDevice(DeviceId device, String contentJson) {
            Await.on(Configurations.this.applyOnDevice(device, contentJson));
        }
    }
}
