/**
 * Running queries: what the collections of the language stand for in this hub, pages, and the tokens between them.
 * Source: service-rest 7.
 */
@NullMarked
package io.hubwire.localhub.engine.search;

import org.jspecify.annotations.NullMarked;
