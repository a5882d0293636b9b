/**
 * The hub as an extension of a HiveMQ that is there already: unzipped into its {@code extensions} folder it makes that
 * broker a hub, configured by {@code conf/hubwire.properties} beside it or by environment variables.
 */
@NullMarked
package io.hubwire.localhub.extension;

import org.jspecify.annotations.NullMarked;
