package io.hubwire.cli.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.dps.AttestationMechanism;
import io.hubwire.dps.Enrollment;
import io.hubwire.dps.EnrollmentClient;
import io.hubwire.dps.Enrollments;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.json.Json;
import io.hubwire.service.BulkEntry;
import io.hubwire.service.Page;
import io.hubwire.service.PageRequest;
import io.hubwire.service.ServiceClient;
import io.hubwire.service.Twin;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;

/** Writes a registry as lines: devices, then modules, then enrollments, so that each finds what it needs when read. */
public final class RegistryExport {
    /** Twins of a page, and identities that are asked for at once. */
    private static final int PAGE = 100;

    private static final List<String> DPS_WRITES =
            List.of("etag", "createdDateTimeUtc", "lastUpdatedDateTimeUtc", "registrationState");

    private final Consumer<ObjectNode> sink;
    private int written;

    /** @param sink takes each line in turn */
    public RegistryExport(Consumer<ObjectNode> sink) {
        this.sink = sink;
    }

    /** How many lines there were so far. */
    public int written() {
        return written;
    }

    /** All devices and modules with their keys and twins. What is deleted meanwhile may be left out. */
    public void identities(ServiceClient service) {
        each(service, "SELECT * FROM devices", twin -> service.registry()
                .get(twin.identity().device())
                .thenApply(BulkEntry::create));
        each(service, "SELECT * FROM devices.modules", twin -> service.registry()
                .getModule(twin.identity())
                .thenApply(BulkEntry::create));
    }

    /** All enrollments and groups with their keys. */
    public void enrollments(EnrollmentClient dps) {
        each(dps.individuals());
        each(dps.groups());
    }

    private void each(ServiceClient service, String query, Function<Twin, CompletableFuture<BulkEntry>> identity) {
        service.queries()
                .blocking()
                .pages(query, PageRequest.first(PAGE))
                .map(Page::items)
                .forEach(page -> {
                    List<Twin> twins = page.stream()
                            .map(row -> Twin.parse(Json.write(row)))
                            .toList();
                    List<CompletableFuture<BulkEntry>> asked = new ArrayList<>();
                    twins.forEach(twin -> asked.add(identity.apply(twin)));
                    for (int i = 0; i < twins.size(); i++) {
                        Twin twin = twins.get(i);
                        ifThere(asked.get(i)).ifPresent(entry -> write(line(entry, twin)));
                    }
                });
    }

    private static Optional<BulkEntry> ifThere(CompletableFuture<BulkEntry> asked) {
        try {
            return Optional.of(asked.join());
        } catch (CompletionException e) {
            if (e.getCause() instanceof HubwireException known) {
                if (known.code() == ErrorCode.NOT_FOUND) {
                    return Optional.empty(); // deleted since the query
                }
                throw known;
            }
            throw e;
        }
    }

    private static ObjectNode line(BulkEntry entry, Twin twin) {
        ObjectNode line = entry.tree();
        line.remove("importMode"); // so that who reads it may decide
        line.set("tags", twin.tags());
        ObjectNode properties = line.putObject("properties");
        properties.set("desired", twin.desired());
        properties.set("reported", twin.reported());
        return line;
    }

    private <E extends Enrollment> void each(Enrollments<E> enrollments) {
        for (E enrollment : enrollments.blocking().list(Enrollments.ALL)) {
            ObjectNode line = Json.parseObject("enrollment", enrollment.json());
            line.remove(DPS_WRITES);
            AttestationMechanism attestation = enrollments.blocking().attestation(enrollment.id());
            if (attestation instanceof AttestationMechanism.SymmetricKeys keys) {
                line.set("attestation", SymmetricKeysJson.of(keys));
            }
            write(line);
        }
    }

    private void write(ObjectNode line) {
        sink.accept(line);
        written++;
    }
}
