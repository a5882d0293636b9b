/**
 * What a hub of a given tier lets through: rates with bursts and a backlog, and messages a day. Pure, but for the clock.
 * Knows neither protocols nor the engine; the endpoints ask before they do what was asked of them.
 *
 * <p>Source: "Understand IoT Hub quotas and throttling" (iot-hub-devguide-quotas-throttling), tables of operation throttles
 * and traffic shaping; messages a day: the IoT Hub pricing page.
 */
@NullMarked
package io.hubwire.localhub.throttling;

import org.jspecify.annotations.NullMarked;
