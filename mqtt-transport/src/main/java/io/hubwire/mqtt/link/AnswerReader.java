package io.hubwire.mqtt.link;

import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.http.AnswerHead;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Reads the head of an HTTP answer off a stream. */
final class AnswerReader {
    private AnswerReader() {}

    /**
     * Reads up to the empty line and not one byte further: what follows is not HTTP.
     *
     * @param who answers, for the complaint
     * @throws RouteException when it is no HTTP/1.1, or too much of it
     */
    static AnswerHead read(InputStream in, String who) throws IOException {
        AnswerHead.Gatherer gatherer = new AnswerHead.Gatherer(who);
        try {
            Optional<AnswerHead> head = Optional.empty();
            while (head.isEmpty()) {
                int next = in.read();
                if (next < 0) {
                    throw new EOFException(who + " closed the connection before it had answered");
                }
                head = gatherer.add(next);
            }
            return head.get();
        } catch (RemoteProtocolException broken) {
            throw new RouteException(broken);
        }
    }
}
