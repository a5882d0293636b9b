package io.hubwire.localhub.engine.configurations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.Hub;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.localhub.engine.Twins.Kind;
import io.hubwire.localhub.engine.query.HubQuery;
import io.hubwire.localhub.engine.query.Source;
import io.hubwire.localhub.engine.query.TargetCondition;
import io.hubwire.localhub.engine.search.Rows;
import io.hubwire.localhub.engine.search.TwinRows;
import io.hubwire.localhub.store.StoreException;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pass over all twins: applies each configuration to those it is for, and counts for its metrics on the way. A page of
 * twins a task of the timer, so that nothing else on it waits long. On the timer's thread only.
 */
final class Sweep {
    private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);
    private static final int PAGE = 100;

    private final Hub hub;
    private final Rollout rollout;
    private final List<Tally> configurations;
    private final boolean everyone;
    private final BooleanSupplier stopped;
    private final Consumer<Map<String, Results>> done;

    /**
     * What was counted for one configuration.
     *
     * @param system {@code systemMetrics.results}
     * @param custom {@code metrics.results}
     */
    record Results(ObjectNode system, ObjectNode custom) {
        static Results none() {
            return new Results(Json.object().put("targetedCount", 0).put("appliedCount", 0), Json.object());
        }
    }

    /** A configuration, read once for the pass, and its counters. */
    private static final class Tally {
        private final Configuration configuration;
        private final Optional<TargetCondition> target;
        private final Map<String, HubQuery> metrics;
        private final Map<String, Integer> counts = new LinkedHashMap<>();
        private int targeted;
        private int applied;
        private int succeeded;
        private int failed;

        Tally(Configuration configuration) {
            this.configuration = configuration;
            this.target = configuration.target();
            this.metrics = configuration.metrics();
            metrics.keySet().forEach(name -> counts.put(name, 0));
        }

        boolean isFor(Source source, ObjectNode twin) {
            return target.filter(t -> t.source() == source && t.matches(twin)).isPresent();
        }

        boolean has(String content) {
            return configuration.content().hasNonNull(content);
        }

        JsonNode content(String name) {
            return configuration.content().path(name);
        }

        void count(Source source, ObjectNode twin) {
            metrics.forEach((name, query) -> {
                if (query.source() == source && query.matches(twin)) {
                    counts.merge(name, 1, Integer::sum);
                }
            });
        }

        boolean asksFor(Source source) {
            return target.filter(t -> t.source() == source).isPresent()
                    || metrics.values().stream().anyMatch(query -> query.source() == source);
        }

        Results results() {
            ObjectNode system = Json.object().put("targetedCount", targeted).put("appliedCount", applied);
            if (has(Configuration.EDGE)) {
                system.put("reportedSuccessfulCount", succeeded).put("reportedFailedCount", failed);
            }
            ObjectNode custom = Json.object();
            counts.forEach(custom::put);
            return new Results(system, custom);
        }
    }

    private Sweep(
            Hub hub,
            List<Configuration> configurations,
            boolean everyone,
            BooleanSupplier stopped,
            Consumer<Map<String, Results>> done) {
        this.hub = hub;
        this.everyone = everyone;
        this.rollout = new Rollout(hub);
        this.configurations = configurations.stream()
                .sorted(Configuration.BY_PRIORITY)
                .map(Tally::new)
                .toList();
        this.stopped = stopped;
        this.done = done;
    }

    /**
     * Begins a pass.
     *
     * @param everyone whether twins that no configuration asks for are visited too, since one did before
     * @param stopped whether it shall end at the next page, and count no longer
     * @param done gets what was counted, by configuration
     */
    static void begin(
            Hub hub,
            List<Configuration> configurations,
            boolean everyone,
            BooleanSupplier stopped,
            Consumer<Map<String, Results>> done) {
        new Sweep(hub, configurations, everyone, stopped, done).step(Source.DEVICES, null);
    }

    private void step(Source source, @Nullable String after) {
        if (stopped.getAsBoolean()) {
            return;
        }
        try {
            page(source, after);
        } catch (StoreException e) {
            LOG.warn("a pass over the twins ended early; the next one tries again", e);
            end();
        }
    }

    private void page(Source source, @Nullable String after) {
        Rows twins = new TwinRows(hub.twins(), source == Source.MODULES ? Kind.MODULE : Kind.DEVICE);
        List<Rows.Row> page = everyone || configurations.stream().anyMatch(c -> c.asksFor(source))
                ? twins.page(after, PAGE)
                : List.of();
        if (!page.isEmpty()) {
            page.forEach(row -> visit(source, row.document()));
            soon(() -> step(source, page.get(page.size() - 1).id()));
        } else if (source == Source.DEVICES) {
            soon(() -> step(Source.MODULES, null));
        } else {
            end();
        }
    }

    private void end() {
        Map<String, Results> results = new LinkedHashMap<>();
        configurations.forEach(c -> results.put(c.configuration.id(), c.results()));
        done.accept(results);
    }

    private void soon(Runnable step) {
        hub.timer().schedule(Duration.ZERO, step);
    }

    private void visit(Source source, ObjectNode twin) {
        List<Tally> meant =
                configurations.stream().filter(c -> c.isFor(source, twin)).toList();
        meant.forEach(c -> c.targeted++);
        Set<Tally> applied = new HashSet<>();
        try {
            applyContent(meant, source == Source.MODULES ? Configuration.MODULE : Configuration.DEVICE, twin, applied);
            if (twin.path("capabilities").path("iotEdge").asBoolean()) {
                deploy(meant, twin, applied);
            }
            note(meant, applied, twin);
        } catch (HubException e) {
            // deleted meanwhile, or full: the next pass tries again
            LOG.debug("configurations of [{}] were not applied: {}", TwinRows.identity(twin), e.toString());
        }
        applied.forEach(c -> c.applied++);
        configurations.forEach(c -> c.count(source, twin));
    }

    private void applyContent(List<Tally> meant, String content, ObjectNode twin, Set<Tally> applied) {
        List<Tally> having = meant.stream().filter(c -> c.has(content)).toList();
        ObjectNode desired =
                rollout.apply(having.stream().map(c -> c.content(content)).toList(), twin);
        having.stream().filter(c -> Content.isIn(c.content(content), desired)).forEach(applied::add);
    }

    /** Of deployments only the base of the highest priority counts, and the layers above it. */
    private void deploy(List<Tally> meant, ObjectNode device, Set<Tally> applied) {
        List<Tally> chosen = new ArrayList<>();
        for (Tally each : meant) {
            if (each.has(Configuration.EDGE)) {
                if (each.configuration.isBase()) {
                    chosen.clear();
                }
                chosen.add(each);
            }
        }
        if (chosen.isEmpty()) {
            return;
        }
        String deviceId = device.path("deviceId").asText();
        rollout.deploy(
                deviceId,
                chosen.stream().map(c -> c.content(Configuration.EDGE)).toList());
        applied.addAll(chosen);
        JsonNode status = hub.twins()
                .get(Identity.module(deviceId, "$edgeAgent"))
                .at("/properties/reported/lastDesiredStatus/code");
        if (status.isInt()) {
            for (Tally each : chosen) {
                each.succeeded += status.intValue() == 200 ? 1 : 0;
                each.failed += status.intValue() == 200 ? 0 : 1;
            }
        }
    }

    /** Says in the twin which configurations are for it, where metrics and other queries find it. */
    private void note(List<Tally> meant, Set<Tally> applied, ObjectNode twin) {
        ObjectNode configurations = Json.object();
        for (Tally each : meant) {
            configurations
                    .putObject(each.configuration.id())
                    .put("status", applied.contains(each) ? "Applied" : "Targeted");
        }
        if (configurations.equals(twin.path("configurations"))
                || configurations.isEmpty() && !twin.has("configurations")) {
            return;
        }
        hub.twins().configurations(TwinRows.identity(twin), configurations);
        twin.set("configurations", configurations);
    }
}
