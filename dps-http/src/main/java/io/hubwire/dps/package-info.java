/**
 * The Device Provisioning Service over HTTPS, for devices and for the back end. Source: dps in the project's notes, and the
 * API descriptions of version 2021-10-01.
 */
@NullMarked
package io.hubwire.dps;

import org.jspecify.annotations.NullMarked;
