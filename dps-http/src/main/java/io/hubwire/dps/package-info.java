/**
 * The Device Provisioning Service over HTTPS: {@link io.hubwire.dps.ProvisioningClient} asks it, as a device, which hub to
 * use; {@link io.hubwire.dps.EnrollmentClient} tells it, as a back end, which devices may ask. The pure part is
 * {@link io.hubwire.dps.Registration}. Source: dps in the project's notes, and the API descriptions of version 2021-10-01.
 */
@NullMarked
package io.hubwire.dps;

import org.jspecify.annotations.NullMarked;
