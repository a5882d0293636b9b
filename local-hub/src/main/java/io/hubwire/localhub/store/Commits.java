package io.hubwire.localhub.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** How a transaction comes to its end. */
interface Commits {
    /** As the database does it. */
    Commits PLAIN = (connection, changes) -> connection.commit();

    /**
     * Commits; when this returns, the changes last as long as the store promises. When it throws they did not happen, or,
     * when the database broke during the commit, may have.
     *
     * @param changes in order; empty when nothing was changed
     */
    void commit(Connection connection, List<Change> changes) throws SQLException;

    /** The database is about to close in good order. */
    default void beforeClose(Connection connection) throws SQLException {}

    /** The database is closed. */
    default void closed() {}
}
