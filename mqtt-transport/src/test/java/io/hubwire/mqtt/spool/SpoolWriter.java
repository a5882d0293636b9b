package io.hubwire.mqtt.spool;

import java.nio.file.Path;

/** A program that writes into a spool until it is killed: each line it prints is a message that is in there. */
final class SpoolWriter {
    private SpoolWriter() {}

    public static void main(String[] args) {
        Spool spool = Spool.open(Path.of(args[0]), 100L * 1024 * 1024, false);
        while (true) {
            long sequence = spool.append(null, null, "t", new byte[1000]);
            if (sequence % 3 == 0) {
                spool.remove(sequence);
            } else {
                System.out.println(sequence);
                System.out.flush();
            }
        }
    }
}
