/**
 * Devices as their Plug and Play model describes them: a view of the twin, JSON Patch, commands. The hub does not read
 * models; what is a component is told by the marker {@code "__t": "c"} in the twin. Source: service-rest 11 and the
 * IoT Plug and Play conventions.
 */
@NullMarked
package io.hubwire.localhub.engine.digitaltwins;

import org.jspecify.annotations.NullMarked;
