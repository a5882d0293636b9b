/**
 * Automatic device configurations and Edge deployments: what they say, whom they are for, and the sweep that brings it to
 * the twins. {@code Content} and {@code Configuration} are pure; {@code Sweep} reads twins page by page on the hub's timer.
 * Source: service-rest 10.
 */
@NullMarked
package io.hubwire.localhub.engine.configurations;

import org.jspecify.annotations.NullMarked;
