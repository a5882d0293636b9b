package io.hubwire.localhub.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The store's SQL, on one connection. Only what H2 and PostgreSQL both understand. */
final class JdbcDocuments implements Documents {
    static final String CREATE = "CREATE TABLE IF NOT EXISTS documents ("
            + "kind VARCHAR(32) NOT NULL, id VARCHAR(400) NOT NULL, version BIGINT NOT NULL, body TEXT NOT NULL, "
            + "PRIMARY KEY (kind, id))";
    private static final String GET = "SELECT id, version, body FROM documents WHERE kind = ? AND id = ?";
    private static final String INSERT = "INSERT INTO documents (kind, id, version, body) VALUES (?, ?, 1, ?)";
    private static final String UPDATE =
            "UPDATE documents SET version = version + 1, body = ? WHERE kind = ? AND id = ? AND version = ?";
    private static final String DELETE = "DELETE FROM documents WHERE kind = ? AND id = ? AND version = ?";
    private static final String WITH_PREFIX = " FROM documents WHERE kind = ? AND id >= ? AND id < ?";
    private static final String SCAN = "SELECT id, version, body" + WITH_PREFIX + " AND id > ? ORDER BY id LIMIT ?";
    private static final String COUNT = "SELECT COUNT(*)" + WITH_PREFIX;

    private static final String UNIQUE_VIOLATION = "23505";
    private static final String SERIALIZATION_FAILURE = "40001";
    private static final String DEADLOCK = "40P01";

    private final Connection connection;
    private final List<Change> changes = new ArrayList<>();

    JdbcDocuments(Connection connection) {
        this.connection = connection;
    }

    /** Carries an {@link SQLException} through code that may not throw one. */
    static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final SQLException sql;

        Failed(SQLException sql) {
            super(sql);
            this.sql = sql;
        }

        SQLException sql() {
            return sql;
        }
    }

    /** Whether the transaction was only in another one's way. */
    static boolean mayBeRepeated(SQLException e) {
        return SERIALIZATION_FAILURE.equals(e.getSQLState()) || DEADLOCK.equals(e.getSQLState());
    }

    /** What was done so far. */
    List<Change> changes() {
        return changes;
    }

    @Override
    public Optional<Document> get(String kind, String id) {
        try (PreparedStatement statement = connection.prepareStatement(GET)) {
            statement.setString(1, kind);
            statement.setString(2, id);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? Optional.of(document(rows)) : Optional.empty();
            }
        } catch (SQLException e) {
            throw new Failed(e);
        }
    }

    @Override
    public void insert(String kind, String id, String body) {
        try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
            statement.setString(1, kind);
            statement.setString(2, id);
            statement.setString(3, body);
            statement.executeUpdate();
            changes.add(new Change.Put(kind, id, 1, body));
        } catch (SQLException e) {
            if (UNIQUE_VIOLATION.equals(e.getSQLState())) {
                throw new StoreConflict(kind + " [" + id + "] exists already");
            }
            throw new Failed(e);
        }
    }

    @Override
    public void update(String kind, String id, long expectedVersion, String body) {
        try (PreparedStatement statement = connection.prepareStatement(UPDATE)) {
            statement.setString(1, body);
            statement.setString(2, kind);
            statement.setString(3, id);
            statement.setLong(4, expectedVersion);
            expectOne(statement.executeUpdate(), kind, id, expectedVersion);
            changes.add(new Change.Put(kind, id, expectedVersion + 1, body));
        } catch (SQLException e) {
            throw new Failed(e);
        }
    }

    @Override
    public void delete(String kind, String id, long expectedVersion) {
        try (PreparedStatement statement = connection.prepareStatement(DELETE)) {
            statement.setString(1, kind);
            statement.setString(2, id);
            statement.setLong(3, expectedVersion);
            expectOne(statement.executeUpdate(), kind, id, expectedVersion);
            changes.add(new Change.Remove(kind, id));
        } catch (SQLException e) {
            throw new Failed(e);
        }
    }

    @Override
    public List<Document> scan(String kind, String prefix, @Nullable String after, int limit) {
        try (PreparedStatement statement = connection.prepareStatement(SCAN)) {
            statement.setString(1, kind);
            statement.setString(2, prefix);
            statement.setString(3, endOf(prefix));
            statement.setString(4, after == null ? "" : after);
            statement.setInt(5, limit);
            List<Document> found = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(document(rows));
                }
            }
            return found;
        } catch (SQLException e) {
            throw new Failed(e);
        }
    }

    @Override
    public long count(String kind, String prefix) {
        try (PreparedStatement statement = connection.prepareStatement(COUNT)) {
            statement.setString(1, kind);
            statement.setString(2, prefix);
            statement.setString(3, endOf(prefix));
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        } catch (SQLException e) {
            throw new Failed(e);
        }
    }

    /** The first text after all that start with {@code prefix}; ids are printable, so none reaches U+FFFF. */
    private static String endOf(String prefix) {
        return prefix + '\uffff';
    }

    private static void expectOne(int rows, String kind, String id, long expectedVersion) {
        if (rows != 1) {
            throw new StoreConflict(kind + " [" + id + "] is not at version " + expectedVersion + " any more");
        }
    }

    private static Document document(ResultSet row) throws SQLException {
        return new Document(row.getString(1), row.getLong(2), row.getString(3));
    }
}
