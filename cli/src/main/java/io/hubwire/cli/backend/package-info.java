/** Commands that act as a hub's back end: identities, twins, methods, cloud-to-device messages, events. */
@NullMarked
package io.hubwire.cli.backend;

import org.jspecify.annotations.NullMarked;
