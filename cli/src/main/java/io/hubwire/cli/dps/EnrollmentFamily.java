package io.hubwire.cli.dps;

import io.hubwire.dps.AttestationMechanism;
import io.hubwire.dps.Enrollment;
import io.hubwire.dps.EnrollmentGroup;
import io.hubwire.dps.IndividualEnrollment;
import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.InvalidInputException;
import org.jspecify.annotations.Nullable;

/** What differs between enrollments of one device and of many. */
interface EnrollmentFamily<E extends Enrollment> {
    EnrollmentFamily<IndividualEnrollment> INDIVIDUAL = new EnrollmentFamily<>() {
        @Override
        public Enrollment.Builder<IndividualEnrollment> start(
                String id, AttestationMechanism attestation, @Nullable String deviceId) {
            return deviceId == null
                    ? IndividualEnrollment.of(id, attestation)
                    : IndividualEnrollment.of(id, attestation, new DeviceId(deviceId));
        }

        @Override
        public Enrollment.Builder<IndividualEnrollment> change(IndividualEnrollment enrollment) {
            return enrollment.toBuilder();
        }
    };

    EnrollmentFamily<EnrollmentGroup> GROUP = new EnrollmentFamily<>() {
        @Override
        public Enrollment.Builder<EnrollmentGroup> start(
                String id, AttestationMechanism attestation, @Nullable String deviceId) {
            if (deviceId != null) {
                throw new InvalidInputException("--device-id [" + deviceId
                        + "] is for single devices; a group's devices are called as they register");
            }
            return EnrollmentGroup.of(id, attestation);
        }

        @Override
        public Enrollment.Builder<EnrollmentGroup> change(EnrollmentGroup group) {
            return group.toBuilder();
        }
    };

    /** @param deviceId null for the registration id */
    Enrollment.Builder<E> start(String id, AttestationMechanism attestation, @Nullable String deviceId);

    Enrollment.Builder<E> change(E enrollment);
}
