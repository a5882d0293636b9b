package io.hubwire.localhub.amqp;

import java.util.concurrent.Executor;

/** What a link may ask of its connection. */
interface ConnectionTurn extends Executor {
    /** Runs {@code task} on the connection's thread, soon; forgets it once the connection is over. From any thread. */
    @Override
    void execute(Runnable task);

    /** Whether so much waits to be written that a link should go on {@link #afterWrite} only. */
    boolean outputFull();

    /** Runs {@code task} once what waits has been written. On the connection's thread. */
    void afterWrite(Runnable task);

    /** The link was closed from the hub's side. */
    void closed(ServerLink link);
}
