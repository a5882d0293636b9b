package io.hubwire.localhub.amqp;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.qpid.protonj2.buffer.ProtonBuffer;
import org.apache.qpid.protonj2.buffer.ProtonBufferAllocator;
import org.apache.qpid.protonj2.codec.Encoder;
import org.apache.qpid.protonj2.codec.EncoderState;
import org.apache.qpid.protonj2.types.messaging.Section;

/** Writes the sections of messages the hub sends. One a connection, for that connection's thread. */
final class SectionWriter {
    private static final int ROOM_FOR_SECTIONS = 768;

    private final Encoder encoder = Codecs.newEncoder();
    private final EncoderState state = encoder.newEncoderState();

    /** A new message. @param bodyLength a hint, in bytes */
    Draft draft(int bodyLength) {
        return new Draft(ProtonBufferAllocator.defaultAllocator().allocate(bodyLength + ROOM_FOR_SECTIONS));
    }

    /** Text that goes into a symbol; what is not ASCII becomes a question mark. */
    static String ascii(String text) {
        return text.chars().allMatch(c -> c < 0x80) ? text : text.replaceAll("[^\\x00-\\x7f]", "?");
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A message under way. */
    final class Draft {
        private final ProtonBuffer out;

        private Draft(ProtonBuffer out) {
            this.out = out;
        }

        Draft add(Section<?> section) {
            encoder.writeObject(out, state, section);
            return this;
        }

        Draft addUnlessEmpty(Section<? extends Map<?, ?>> section) {
            return section.getValue() == null || section.getValue().isEmpty() ? this : add(section);
        }

        ProtonBuffer finish() {
            state.reset();
            return out;
        }
    }
}
