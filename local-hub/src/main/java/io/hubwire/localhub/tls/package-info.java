/**
 * The hub's own certificate authority and what TLS servers need of it. Certificates follow RFC 5280 as strictly as the
 * pickiest verifier among the official SDKs' platforms asks (Python's and OpenSSL's strict mode).
 */
@NullMarked
package io.hubwire.localhub.tls;

import org.jspecify.annotations.NullMarked;
