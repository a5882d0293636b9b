/**
 * The back end's side of IoT Hub over HTTPS: identities, twins, direct methods, cloud-to-device messages, queries, jobs,
 * configurations, digital twins. {@link io.hubwire.service.ServiceClient} is the way in; each part is a class of its own,
 * asynchronous, with a blocking facade. What is sent is built by pure functions ({@code …Requests}); what comes back is
 * kept whole: documents show typed fields and do not lose those they do not know.
 *
 * <p>Source: service-rest; the OpenAPI document of version 2021-04-12.
 */
@NullMarked
package io.hubwire.service;

import org.jspecify.annotations.NullMarked;
