/** Calls the webhooks of custom allocation policies. Source: dps 6.2. */
@NullMarked
package io.hubwire.localhub.webhook;

import org.jspecify.annotations.NullMarked;
