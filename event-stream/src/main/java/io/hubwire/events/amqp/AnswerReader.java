package io.hubwire.events.amqp;

import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.http.AnswerHead;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Reads the head of an HTTP answer off a stream. */
final class AnswerReader {
    private AnswerReader() {}

    /** What happens before each read, such as a look at the clock. */
    interface BeforeRead {
        void run() throws IOException;
    }

    /**
     * Reads up to the empty line and no further: what follows is not HTTP.
     *
     * @param who answers, for the complaint
     * @throws RemoteProtocolException when it is no HTTP/1.1, or too much of it
     */
    static AnswerHead read(InputStream in, BeforeRead before, String who) throws IOException {
        AnswerHead.Gatherer gatherer = new AnswerHead.Gatherer(who);
        Optional<AnswerHead> head = Optional.empty();
        while (head.isEmpty()) {
            before.run();
            int next = in.read();
            if (next < 0) {
                throw new EOFException(who + " closed the connection before it had answered");
            }
            head = gatherer.add(next);
        }
        return head.get();
    }
}
