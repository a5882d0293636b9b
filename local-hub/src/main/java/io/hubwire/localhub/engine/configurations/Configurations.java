package io.hubwire.localhub.engine.configurations;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.ETagMatch;
import io.hubwire.localhub.engine.Hub;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.localhub.store.Documents;
import io.hubwire.localhub.store.Documents.Document;
import io.hubwire.localhub.store.Store;
import io.hubwire.localhub.store.StoreConflict;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.json.Json;
import io.hubwire.protocol.time.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Configurations and deployments, in the JSON of the service API. They are kept in the store; while there are any, a sweep
 * goes over the twins after each change and every so often. Thread-safe. Source: service-rest 10.
 */
public final class Configurations implements AutoCloseable {
    private static final String KIND = "configuration";
    private static final String IMPORT_MODE = "createOrUpdateIfMatchETag";
    /** Source: service-rest 14. */
    private static final int MAX_CONFIGURATIONS = 100;

    private final Hub hub;
    private final Store store;
    private final Duration interval;
    /** Of the last sweep. */
    private volatile Map<String, Sweep.Results> results = Map.of();

    private Timer.@Nullable Scheduled planned;
    private boolean sweeping;
    private boolean changed;
    /** Whether a configuration that is no more, or is for others now, may still show in twins. */
    private boolean stale = true;

    private volatile boolean closed;

    /**
     * Starts over what the store holds.
     *
     * @param interval from the beginning of a sweep to the next: a device waits for its configuration that long at most
     */
    public Configurations(Hub hub, Store store, Duration interval) {
        this.hub = hub;
        this.store = store;
        this.interval = interval;
        plan(Duration.ZERO);
    }

    /**
     * A configuration.
     *
     * @throws HubException 404301
     */
    public ObjectNode get(String id) {
        return view(require(store, id).configuration);
    }

    /**
     * Configurations in order of id.
     *
     * @param top 1 to 100
     */
    public List<ObjectNode> list(int top) {
        return all().stream().limit(top).map(this::view).toList();
    }

    /**
     * Makes a configuration.
     *
     * @throws HubException 409401, 413101, 400004, 400401, 400402, 400404
     */
    public ObjectNode create(String id, ObjectNode body) {
        Configuration created = ConfigurationBody.create(id, body, now());
        store.inTransaction(documents -> {
            if (documents.get(KIND, id).isPresent()) {
                throw exists(id);
            }
            if (documents.count(KIND, "") >= MAX_CONFIGURATIONS) {
                throw new HubException(
                        HubError.CONFIGURATION_COUNT_LIMIT_EXCEEDED,
                        "The hub has " + MAX_CONFIGURATIONS + " configurations, which is as many as it may");
            }
            documents.insert(KIND, id, Json.write(created.toDocument()));
            return created;
        });
        changed();
        return view(created);
    }

    /**
     * Replaces all of a configuration but its content.
     *
     * @throws HubException 404301, 412001, 400004, 400401, 400403, 400404
     */
    public ObjectNode update(String id, ObjectNode body, ETagMatch ifMatch) {
        try {
            Configuration after = store.inTransaction(documents -> {
                Found found = require(documents, id);
                requireMatch(found.configuration, ifMatch);
                Configuration updated = ConfigurationBody.update(found.configuration, body, now());
                documents.update(KIND, id, found.version, Json.write(updated.toDocument()));
                return updated;
            });
            changed();
            return view(after);
        } catch (StoreConflict e) {
            throw otherVersion(id);
        }
    }

    /**
     * Takes a configuration from an import: makes it, or replaces all but the content of the one there is.
     *
     * @param line {@code {"id","importMode":"createOrUpdateIfMatchETag","etag",…}} as {@link #get} shows it
     * @throws HubException as {@link #create} and {@link #update}; 400004 for another import mode
     */
    public void importLine(ObjectNode line) {
        String id = line.path("id").asText();
        String mode = line.path("importMode").asText(IMPORT_MODE);
        if (!mode.equalsIgnoreCase(IMPORT_MODE)) {
            throw new HubException(HubError.ARGUMENT_INVALID, "importMode [" + mode + "] must be " + IMPORT_MODE);
        }
        if (store.get(KIND, id).isPresent()) {
            update(id, line, new ETagMatch.Tag(line.path("etag").asText()));
        } else {
            create(id, line);
        }
    }

    /**
     * Deletes a configuration. What it has written stays in the twins.
     *
     * @throws HubException 404301, 412001
     */
    public void delete(String id, ETagMatch ifMatch) {
        try {
            store.inTransaction(documents -> {
                Found found = require(documents, id);
                requireMatch(found.configuration, ifMatch);
                documents.delete(KIND, id, found.version);
                return id;
            });
        } catch (StoreConflict e) {
            throw otherVersion(id);
        }
        changed();
    }

    /**
     * Whether a target condition and metric queries are right.
     *
     * @param body {@code {"targetCondition","customMetricQueries":{}}}
     * @return {@code {"targetConditionError","customMetricQueryErrors":{}}}
     * @throws HubException 400004
     */
    public ObjectNode testQueries(ObjectNode body) {
        ObjectNode answer = Json.object();
        answer.put(
                "targetConditionError",
                ConfigurationBody.targetError(body.path("targetCondition").asText("")));
        answer.set(
                "customMetricQueryErrors",
                ConfigurationBody.metricErrors(
                        ConfigurationBody.texts("customMetricQueries", body.path("customMetricQueries"))));
        return answer;
    }

    /**
     * Applies content to one device, once, whatever configurations there are.
     *
     * @throws HubException 404001, 400402, 400004
     */
    public void applyContent(Identity device, ObjectNode content) {
        ConfigurationBody.checkContent(content);
        if (content.hasNonNull(Configuration.MODULE)) {
            throw new HubException(
                    HubError.INVALID_CONFIGURATION_CONTENT, "moduleContent is for modules, not for a device");
        }
        ObjectNode twin = hub.twins().get(device);
        Rollout rollout = new Rollout(hub);
        if (content.hasNonNull(Configuration.DEVICE)) {
            rollout.apply(List.of(content.path(Configuration.DEVICE)), twin);
            return;
        }
        if (!twin.path("capabilities").path("iotEdge").asBoolean()) {
            throw new HubException(
                    HubError.INVALID_CONFIGURATION_CONTENT,
                    "modulesContent is for Edge devices; [" + device + "] is none");
        }
        rollout.deploy(device.deviceId(), List.of(content.path(Configuration.EDGE)));
    }

    /** No further sweep begins, and one under way stops at its next page. Idempotent. */
    @Override
    public synchronized void close() {
        closed = true;
        if (planned != null) {
            planned.cancel();
        }
    }

    private record Found(Configuration configuration, long version) {}

    private static Found require(Documents documents, String id) {
        return documents
                .get(KIND, id)
                .map(document -> new Found(read(document), document.version()))
                .orElseThrow(() -> new HubException(HubError.CONFIGURATION_NOT_FOUND, id));
    }

    private static void requireMatch(Configuration configuration, ETagMatch ifMatch) {
        if (!ifMatch.allows(configuration.etag())) {
            throw otherVersion(configuration.id());
        }
    }

    private static HubException otherVersion(String id) {
        return new HubException(
                HubError.PRECONDITION_FAILED, "Precondition failed: configuration [" + id + "] has another version.");
    }

    private static HubException exists(String id) {
        return new HubException(
                HubError.CONFIGURATION_ALREADY_EXISTS, "A configuration with ID '" + id + "' exists already");
    }

    private List<Configuration> all() {
        return store.scan(KIND, "", null, MAX_CONFIGURATIONS).stream()
                .map(Configurations::read)
                .toList();
    }

    private static Configuration read(Document document) {
        return Configuration.ofDocument(Json.parseObject("a stored configuration", document.body()));
    }

    private ObjectNode view(Configuration configuration) {
        Sweep.Results counted = results.getOrDefault(configuration.id(), Sweep.Results.none());
        return configuration.toJson(counted.system(), counted.custom());
    }

    private Instant now() {
        return hub.clock().instant();
    }

    private synchronized void changed() {
        changed = true;
        stale = true;
        if (!sweeping) {
            plan(Duration.ZERO);
        }
    }

    /** The next sweep, and no other. */
    private synchronized void plan(Duration delay) {
        if (planned != null) {
            planned.cancel();
        }
        planned = closed ? null : hub.timer().schedule(delay, this::sweep);
    }

    /** Begins a sweep unless one is under way, or there is nothing to do. */
    private void sweep() {
        boolean everyone;
        synchronized (this) {
            if (closed || sweeping) {
                return;
            }
            sweeping = true;
            changed = false;
            everyone = stale;
            stale = false;
        }
        List<Configuration> configurations = all();
        Instant began = now();
        Sweep.begin(hub, configurations, everyone, () -> closed, counted -> {
            results = counted;
            ended(began, !configurations.isEmpty());
        });
    }

    private synchronized void ended(Instant began, boolean again) {
        sweeping = false;
        if (changed) {
            plan(Duration.ZERO);
        } else if (again) {
            Duration left = Duration.between(now(), began.plus(interval));
            plan(left.isNegative() ? Duration.ofMillis(1) : left);
        }
    }
}
