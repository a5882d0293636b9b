package io.hubwire.localhub.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.hubwire.localhub.store.log.Incident;
import io.hubwire.localhub.store.log.LogException;
import io.hubwire.localhub.store.log.RecordLog;
import io.hubwire.localhub.store.log.Sync;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.h2.Driver;
import org.jspecify.annotations.Nullable;

/**
 * The store in a database that speaks SQL. Connections come from a pool and wait at most five seconds for each other.
 *
 * <p>In a folder it is H2 with a {@link Journal}: what was committed survives the sudden end of this process, and with
 * {@link Sync#MACHINE} that of the machine.
 */
public final class JdbcStore implements Store {
    private static final AtomicLong MEMORY_NAMES = new AtomicLong();
    /** The hub's threads are few and its transactions short; more connections would only wait inside the database. */
    private static final int CONNECTIONS = 8;

    private static final int ATTEMPTS = 5;
    private static final long WAIT_MILLIS = 5_000;
    /**
     * No exit hook that would outlive the store; bodies in their rows, as they are far smaller than what large objects are
     * made for.
     */
    private static final String OPTIONS =
            ";DB_CLOSE_ON_EXIT=FALSE;LOCK_TIMEOUT=" + WAIT_MILLIS + ";MAX_LENGTH_INPLACE_LOB=1048576";

    private static final String FILE = "store";
    private static final int JOURNAL_SEGMENT = 4 << 20;

    private final HikariDataSource pool;
    private final Connection anchor;
    private final Commits commits;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** @param anchor a connection of its own, closed last */
    private JdbcStore(HikariConfig config, Connection anchor, Commits commits) {
        this.pool = new HikariDataSource(config);
        this.anchor = anchor;
        this.commits = commits;
    }

    /** An empty store that lives in this process until it is closed. */
    public static JdbcStore inMemory() {
        String name = "hubwire-" + MEMORY_NAMES.incrementAndGet();
        // the data lives as long as a connection is open, and the pool may let go of its last one
        String url = "jdbc:h2:mem:" + name + OPTIONS;
        try {
            Connection anchor = connect(url);
            createTable(anchor);
            return new JdbcStore(config(name, url), anchor, Commits.PLAIN);
        } catch (SQLException e) {
            throw new StoreException("cannot open a store in memory: " + e.getMessage(), e);
        }
    }

    /**
     * The store in a folder that belongs to it alone, as it was left.
     *
     * @param mustExist whether it is an error when the store is not there: an empty one must not take its place
     * @param replayed told how many transactions the database had not written when its last process ended
     * @param incidents told of what was mended in the journal
     * @throws StoreException when the store is missing or damaged, or the folder cannot be used; it is as it was then
     */
    public static JdbcStore inFolder(
            Path folder, Sync sync, boolean mustExist, IntConsumer replayed, Consumer<Incident> incidents) {
        Path file = folder.resolve(FILE + ".mv.db");
        if (mustExist && !hasContent(file)) {
            throw new StoreException("the store [" + file + "] is missing or empty, and the folder had one", null);
        }
        String url = "jdbc:h2:file:" + folder.toAbsolutePath().resolve(FILE) + OPTIONS + ";FILE_LOCK=NO";
        RecordLog log = RecordLog.open(folder.resolve("journal"), JOURNAL_SEGMENT, sync, incidents);
        try {
            Connection anchor = connect(url);
            if (mustExist && !hasTable(anchor)) {
                anchor.close();
                throw new StoreException("the store [" + file + "] has lost its table of documents", null);
            }
            createTable(anchor);
            Journal journal = new Journal(log, sync);
            replayed.accept(journal.replay(anchor));
            return new JdbcStore(config("hubwire-store", url), anchor, journal);
        } catch (SQLException e) {
            closeAfter(e, log);
            throw new StoreException(
                    "the store [" + file + "] cannot be opened, nothing was changed: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            closeAfter(e, log);
            throw e;
        }
    }

    private static void closeAfter(Exception e, RecordLog log) {
        try {
            log.close();
        } catch (IOException second) {
            e.addSuppressed(second);
        }
    }

    private static boolean hasContent(Path file) {
        try {
            return Files.size(file) > 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean hasTable(Connection connection) throws SQLException {
        try (ResultSet found = connection.getMetaData().getTables(null, null, "DOCUMENTS", null)) {
            return found.next();
        }
    }

    private static void createTable(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(JdbcDocuments.CREATE);
        }
    }

    /** Past the JVM's driver manager, which knows the drivers of its first class loader only; a broker's extension has another. */
    private static Connection connect(String url) throws SQLException {
        return new Driver().connect(url, new Properties());
    }

    private static HikariConfig config(String name, String url) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setDriverClassName(Driver.class.getName());
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(WAIT_MILLIS);
        config.setThreadFactory(task -> {
            Thread thread = new Thread(task, name + "-pool");
            thread.setDaemon(true);
            return thread;
        });
        return config;
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
        return transaction("carry out a transaction", work);
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        pool.close();
        try {
            commits.beforeClose(anchor);
            anchor.close();
        } catch (SQLException e) {
            throw new StoreException("closing the store [" + pool.getPoolName() + "] failed: " + e.getMessage(), e);
        } finally {
            commits.closed();
        }
    }

    private void change(String what, Consumer<Documents> work) {
        transaction(what, documents -> {
            work.accept(documents);
            return true;
        });
    }

    private <T> T transaction(String what, Function<? super Documents, ? extends T> work) {
        return withConnection(what, connection -> {
            JdbcDocuments documents = new JdbcDocuments(connection);
            connection.setAutoCommit(false);
            try {
                T result = work.apply(documents);
                commits.commit(connection, documents.changes());
                return result;
            } catch (RuntimeException | SQLException | Error e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
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
                throw new StoreException("cannot " + what + ": " + why(cause), cause);
            } catch (LogException e) {
                throw new StoreException("cannot " + what + ": " + e.getMessage(), e);
            }
        }
    }

    /** H2 says that it is closed, and only the first cause says that the disk is full. */
    private static String why(SQLException e) {
        Throwable first = e;
        while (first.getCause() != null) {
            first = first.getCause();
        }
        return first == e ? String.valueOf(e.getMessage()) : e.getMessage() + ", because of " + first;
    }
}
