package io.hubwire.it;

import io.hubwire.auth.TlsTrust;
import io.hubwire.events.AmqpSettings;
import io.hubwire.events.Event;
import io.hubwire.events.EventStream;
import io.hubwire.events.EventStreamOptions;
import io.hubwire.events.FileCheckpointStore;
import io.hubwire.events.StartPosition;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A program that works events off, a line of output each, and remembers how far it got after each batch of a partition. */
final class CheckpointingReader {
    private CheckpointingReader() {}

    /** @param args connection string, AMQP port, CA file, checkpoint file, events to a batch */
    public static void main(String[] args) {
        EventStreamOptions options = EventStreamOptions.parse(args[0])
                .settings(
                        AmqpSettings.defaults().port(Integer.parseInt(args[1])).trust(TlsTrust.pem(Path.of(args[2]))))
                .checkpoints(new FileCheckpointStore(Path.of(args[3])))
                .from(StartPosition.earliest());
        int batch = Integer.parseInt(args[4]);
        Map<String, Integer> done = new HashMap<>();
        try (EventStream stream = EventStream.open(options)) {
            for (Event event : stream) {
                System.out.println(event.partition() + " " + event.sequenceNumber());
                if (done.merge(event.partition(), 1, Integer::sum) % batch == 0) {
                    stream.checkpoint(event);
                }
            }
        }
    }
}
