package io.hubwire.localhub.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The store in a database that speaks SQL. Connections come from a pool and wait at most five seconds for each other.
 */
public final class JdbcStore implements Store {
    private static final AtomicLong MEMORY_NAMES = new AtomicLong();
    /** The hub's threads are few and its transactions short; more connections would only wait inside the database. */
    private static final int CONNECTIONS = 8;

    private static final int ATTEMPTS = 5;
    private static final long WAIT_MILLIS = 5_000;

    private final HikariDataSource pool;
    private final Connection anchor;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** @param anchor a connection of its own, closed last */
    private JdbcStore(HikariConfig config, Connection anchor) {
        this.pool = new HikariDataSource(config);
        this.anchor = anchor;
        withConnection("create the table of documents", connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute(JdbcDocuments.CREATE);
            }
            return true;
        });
    }

    /** An empty store that lives in this process until it is closed. */
    public static JdbcStore inMemory() {
        String name = "hubwire-" + MEMORY_NAMES.incrementAndGet();
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        // no exit hook that would outlive the store; bodies in their rows, as they are far smaller than what large
        // objects
        // are made for
        String url = "jdbc:h2:mem:" + name + ";DB_CLOSE_ON_EXIT=FALSE;LOCK_TIMEOUT=" + WAIT_MILLIS
                + ";MAX_LENGTH_INPLACE_LOB=1048576";
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(WAIT_MILLIS);
        config.setThreadFactory(task -> {
            Thread thread = new Thread(task, name + "-pool");
            thread.setDaemon(true);
            return thread;
        });
        try {
            // the data lives as long as a connection is open, and the pool may let go of its last one
            return new JdbcStore(config, DriverManager.getConnection(url));
        } catch (SQLException e) {
            throw new StoreException("cannot open a store in memory: " + e.getMessage(), e);
        }
    }

    @Override
    public Optional<Document> get(String kind, String id) {
        return withConnection("read a " + kind, connection -> new JdbcDocuments(connection).get(kind, id));
    }

    @Override
    public void insert(String kind, String id, String body) {
        change("add a " + kind, documents -> documents.insert(kind, id, body));
    }

    @Override
    public void update(String kind, String id, long expectedVersion, String body) {
        change("change a " + kind, documents -> documents.update(kind, id, expectedVersion, body));
    }

    @Override
    public void delete(String kind, String id, long expectedVersion) {
        change("delete a " + kind, documents -> documents.delete(kind, id, expectedVersion));
    }

    @Override
    public List<Document> scan(String kind, String prefix, @Nullable String after, int limit) {
        return withConnection(
                "list " + kind + "s", connection -> new JdbcDocuments(connection).scan(kind, prefix, after, limit));
    }

    @Override
    public long count(String kind, String prefix) {
        return withConnection("count " + kind + "s", connection -> new JdbcDocuments(connection).count(kind, prefix));
    }

    @Override
    public <T> T inTransaction(Function<? super Documents, ? extends T> work) {
        return withConnection("carry out a transaction", connection -> {
            connection.setAutoCommit(false);
            try {
                T result = work.apply(new JdbcDocuments(connection));
                connection.commit();
                return result;
            } catch (RuntimeException | SQLException | Error e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        });
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        pool.close();
        try {
            anchor.close();
        } catch (SQLException e) {
            throw new StoreException("closing the store [" + pool.getPoolName() + "] failed: " + e.getMessage(), e);
        }
    }

    private void change(String what, Consumer<Documents> work) {
        withConnection(what, connection -> {
            work.accept(new JdbcDocuments(connection));
            return true;
        });
    }

    /** What can be done with a connection. */
    private interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    private <T> T withConnection(String what, Work<T> work) {
        for (int attempt = 1; ; attempt++) {
            try (Connection connection = pool.getConnection()) {
                return work.on(connection);
            } catch (SQLException | JdbcDocuments.Failed e) {
                SQLException cause = e instanceof JdbcDocuments.Failed f ? f.sql() : (SQLException) e;
                if (attempt < ATTEMPTS && JdbcDocuments.mayBeRepeated(cause)) {
                    continue;
                }
                throw new StoreException("cannot " + what + ": " + cause.getMessage(), cause);
            }
        }
    }
}
