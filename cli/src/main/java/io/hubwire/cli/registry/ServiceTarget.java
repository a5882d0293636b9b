package io.hubwire.cli.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.dps.DpsException;
import io.hubwire.dps.Enrollment;
import io.hubwire.dps.EnrollmentClient;
import io.hubwire.dps.EnrollmentGroup;
import io.hubwire.dps.Enrollments;
import io.hubwire.dps.IndividualEnrollment;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.json.Json;
import io.hubwire.service.BulkEntry;
import io.hubwire.service.BulkResult;
import io.hubwire.service.ServiceClient;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A hub, and possibly a DPS, over their service APIs. The clients stay their owner's. */
public final class ServiceTarget implements RegistryTarget {
    private final ServiceClient service;
    private final @Nullable EnrollmentClient dps;

    /** @param dps null when none is known; enrollments are then refused */
    public ServiceTarget(ServiceClient service, @Nullable EnrollmentClient dps) {
        this.service = service;
        this.dps = dps;
    }

    @Override
    public List<Refusal> bulk(List<ObjectNode> entries) {
        List<BulkEntry> parsed =
                entries.stream().map(Json::write).map(BulkEntry::parse).toList();
        return service.registry().blocking().bulk(parsed).errors().stream()
                .map(ServiceTarget::refusal)
                .toList();
    }

    @Override
    public void enroll(boolean group, ObjectNode document) {
        if (dps == null) {
            throw new InvalidInputException("an enrollment needs a DPS; give --dps or DPS_CONNECTION_STRING");
        }
        String json = Json.write(document);
        if (group) {
            save(dps.groups(), EnrollmentGroup.parse(json));
        } else {
            save(dps.individuals(), IndividualEnrollment.parse(json));
        }
    }

    private static <E extends Enrollment> void save(Enrollments<E> enrollments, E enrollment) {
        try {
            enrollments.blocking().create(enrollment);
        } catch (DpsException e) {
            if (e.code() != ErrorCode.CONFLICT) {
                throw e;
            }
            enrollments.blocking().overwrite(enrollment);
        }
    }

    private static Refusal refusal(BulkResult.Failure failure) {
        Identity identity = failure.moduleId() == null || failure.moduleId().isEmpty()
                ? Identity.device(failure.deviceId())
                : Identity.module(failure.deviceId(), failure.moduleId());
        return new Refusal(identity, failure.errorCode(), failure.errorStatus());
    }
}
