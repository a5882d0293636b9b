/**
 * Where the hub keeps what must outlive a call: documents of JSON text under a kind and an id, each with a version that
 * rises with every change. One interface, {@link io.hubwire.localhub.store.Store}, over JDBC; all SQL is in {@link
 * io.hubwire.localhub.store.JdbcStore}.
 */
@NullMarked
package io.hubwire.localhub.store;

import org.jspecify.annotations.NullMarked;
