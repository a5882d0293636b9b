/**
 * HiveMQ Community Edition, embedded: everything that is its or Netty's, and nothing of the hub's rules. The names used
 * here include internal ones, so the version is pinned and checked at start-up, together with what we rely on beyond
 * names ({@code BrokerSelfTest}).
 *
 * <p>The broker owns sockets, codec, keep-alive and takeover. It keeps no session, no subscription that matters, no
 * retained message and no queue: those are the hub's, which reads and writes packets in one handler right behind the
 * encoder.
 */
@NullMarked
package io.hubwire.localhub.broker;

import org.jspecify.annotations.NullMarked;
