/**
 * The hub's query language: text in, a value out that can be asked about any JSON document. Pure and immutable: no
 * store, no clock, no hub. The grammar is {@code HubQuery.g4}; the parser in {@code grammar} is made of it. What is
 * wrong with a text is told by a {@link io.hubwire.localhub.engine.query.QueryException} with line and column.
 *
 * <p>A member that is not there is {@code undefined}, which is neither true nor false: {@code NOT} leaves it undefined,
 * and only {@code true} passes a WHERE. Source: service-rest 7.
 */
@NullMarked
package io.hubwire.localhub.engine.query;

import org.jspecify.annotations.NullMarked;
