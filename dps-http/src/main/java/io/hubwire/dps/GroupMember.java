package io.hubwire.dps;

import io.hubwire.auth.GroupKey;
import io.hubwire.auth.RegistrationId;
import io.hubwire.auth.SymmetricKey;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A device of an enrollment group with a key. */
final class GroupMember {
    private static final Logger LOG = LoggerFactory.getLogger(GroupMember.class);

    private GroupMember() {}

    static Attestation derive(RegistrationId id, SymmetricKey groupKey) {
        if (!id.value().equals(id.value().toLowerCase(Locale.ROOT))) {
            LOG.warn(
                    "Registration id [{}] has upper-case letters; DPS does not tell cases apart, but derived keys differ:"
                            + " if it answers 401002, use lower case",
                    id);
        }
        return new Attestation.DeviceKey(id, GroupKey.deriveDeviceKey(groupKey, id));
    }
}
