/**
 * The hub over HTTPS: service API, device API, both APIs of DPS, health, and MQTT and AMQP over WebSocket, all on one port.
 *
 * <p>A request is read whole ({@link io.hubwire.localhub.https.Dispatcher}), found in a table of routes, and answered by
 * one of the resource classes, which are functions from {@link io.hubwire.localhub.https.HttpCall} to
 * {@link io.hubwire.localhub.https.HttpAnswer} over the engine. Refusals become error bodies in one place for each
 * dialect ({@link io.hubwire.localhub.https.Api}). Sources: service-rest, device-http, dps.
 */
@NullMarked
package io.hubwire.localhub.https;

import org.jspecify.annotations.NullMarked;
