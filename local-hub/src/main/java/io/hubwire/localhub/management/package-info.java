/** What a back end does to many devices at once, put together over an engine. */
@NullMarked
package io.hubwire.localhub.management;

import org.jspecify.annotations.NullMarked;
