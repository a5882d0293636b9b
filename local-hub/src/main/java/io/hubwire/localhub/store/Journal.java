package io.hubwire.localhub.store;

import io.hubwire.localhub.store.log.Record;
import io.hubwire.localhub.store.log.RecordLog;
import io.hubwire.localhub.store.log.Sync;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Keeps what H2 has not written yet. H2 on disk writes some time after a commit, and told to write at once it writes about
 * 25 KB each time and does not use the room again while it runs. So each transaction goes into a log of ours before H2
 * commits it, and after a crash it is done once more; records hold end states, so it does not matter which ones H2 had
 * written already. While a transaction commits it holds locks on its documents, so the log has changes to a document in
 * the order in which they happened. When the log gets long, H2 is made to write everything, and it begins anew.
 */
final class Journal implements Commits {
    /** Holds some tens of thousands of changes: a second of recovery. */
    private static final long CHECKPOINT_BYTES = 16L << 20;

    private static final int PAGE = 1_000;
    private static final String PUT =
            "MERGE INTO documents (kind, id, version, body) KEY (kind, id) VALUES (?, ?, ?, ?)";
    private static final String REMOVE = "DELETE FROM documents WHERE kind = ? AND id = ?";

    private final RecordLog log;
    private final Sync sync;
    /** Read while a transaction is in the log and not yet in H2, written while the log begins anew. */
    private final ReadWriteLock between = new ReentrantReadWriteLock();

    private final AtomicBoolean checkpointing = new AtomicBoolean();

    Journal(RecordLog log, Sync sync) {
        this.log = log;
        this.sync = sync;
    }

    /**
     * Does everything in the log once more, and begins it anew.
     *
     * @return how many transactions there were
     */
    int replay(Connection connection) throws SQLException {
        int transactions = 0;
        connection.setAutoCommit(false);
        try (PreparedStatement put = connection.prepareStatement(PUT);
                PreparedStatement remove = connection.prepareStatement(REMOVE)) {
            long next = 0;
            for (List<Record> page = log.read(next, PAGE); !page.isEmpty(); page = log.read(next, PAGE)) {
                for (Record record : page) {
                    for (Change change : Change.parse(record)) {
                        apply(change, put, remove);
                    }
                    transactions++;
                    next = record.sequence() + 1;
                }
                connection.commit();
            }
        } finally {
            connection.setAutoCommit(true);
        }
        checkpoint(connection);
        return transactions;
    }

    private static void apply(Change change, PreparedStatement put, PreparedStatement remove) throws SQLException {
        PreparedStatement statement = change instanceof Change.Put ? put : remove;
        statement.setString(1, change.kind());
        statement.setString(2, change.id());
        if (change instanceof Change.Put p) {
            statement.setLong(3, p.version());
            statement.setString(4, p.body());
        }
        statement.executeUpdate();
    }

    @Override
    public void commit(Connection connection, List<Change> changes) throws SQLException {
        if (changes.isEmpty()) {
            connection.commit();
            return;
        }
        between.readLock().lock();
        try {
            Record record = log.append(0, Change.format(changes));
            if (sync == Sync.MACHINE) {
                log.force(record.sequence());
            }
            connection.commit();
        } finally {
            between.readLock().unlock();
        }
        if (log.bytes() > CHECKPOINT_BYTES && checkpointing.compareAndSet(false, true)) {
            try {
                checkpoint(connection);
            } finally {
                checkpointing.set(false);
            }
        }
    }

    /** Makes H2 write all it has, which is then needed here no more. */
    private void checkpoint(Connection connection) throws SQLException {
        between.writeLock().lock();
        try (Statement statement = connection.createStatement()) {
            statement.execute("CHECKPOINT SYNC");
            log.roll();
            log.deleteOldest((lastMillis, allBytes) -> true);
        } finally {
            between.writeLock().unlock();
        }
    }

    @Override
    public void beforeClose(Connection connection) throws SQLException {
        checkpoint(connection);
    }

    @Override
    public void closed() {
        try {
            log.close();
        } catch (IOException e) {
            throw new StoreException("the journal did not close: " + e.getMessage(), e);
        }
    }
}
