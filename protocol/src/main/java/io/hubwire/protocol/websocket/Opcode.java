package io.hubwire.protocol.websocket;

import java.util.Optional;

/** What a frame is for. Source: RFC 6455 section 11.8. */
public enum Opcode {
    CONTINUATION(0),
    TEXT(1),
    BINARY(2),
    CLOSE(8),
    PING(9),
    PONG(10);

    private final int number;

    Opcode(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    /** Whether it comes between the frames of a message, whole and short. Source: section 5.5. */
    public boolean isControl() {
        return number >= CLOSE.number;
    }

    /** Empty for the ten numbers that mean nothing. */
    static Optional<Opcode> of(int number) {
        for (Opcode known : values()) {
            if (known.number == number) {
                return Optional.of(known);
            }
        }
        return Optional.empty();
    }
}
