/**
 * Import and export of the whole registry by way of a blob container: one identity a line. The containers are those of the
 * hub's own blob store; it calls no other server. Source: service-rest 9.
 */
@NullMarked
package io.hubwire.localhub.engine.transfers;

import org.jspecify.annotations.NullMarked;
