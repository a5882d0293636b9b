/**
 * What devices and hub say to each other over MQTT 3.1.1: user names, topics, filters. Each class is one sentence of the
 * wire with its {@code format…} and its {@code parse…}. A parser has three outcomes: a value, empty ("not mine"), or
 * {@link io.hubwire.protocol.RemoteProtocolException} with the position and the rule. Pure.
 */
@NullMarked
package io.hubwire.protocol.mqtt;

import org.jspecify.annotations.NullMarked;
