/**
 * The HTTPS client that registry, provisioning and device calls share: one host, pooled connections, a deadline for the
 * whole call, retry of what is safe to repeat, one kind of error. {@link io.hubwire.https.HttpsRequest} and
 * {@link io.hubwire.https.HttpsResponse} are plain values, so that what goes over the wire can be built and tested
 * without a network. OkHttp does the work and stays inside this package.
 */
@NullMarked
package io.hubwire.https;

import org.jspecify.annotations.NullMarked;
