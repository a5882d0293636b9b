/**
 * JSON bodies of hub and DPS: how they are read, merged, limited and complained about. Jackson's tree model is the only
 * JSON type that shows. Pure.
 */
@NullMarked
package io.hubwire.protocol.json;

import org.jspecify.annotations.NullMarked;
