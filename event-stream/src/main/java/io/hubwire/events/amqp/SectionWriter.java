package io.hubwire.events.amqp;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.qpid.protonj2.buffer.ProtonBuffer;
import org.apache.qpid.protonj2.buffer.ProtonBufferAllocator;
import org.apache.qpid.protonj2.codec.Encoder;
import org.apache.qpid.protonj2.codec.EncoderState;
import org.apache.qpid.protonj2.types.messaging.Section;

/** Writes the sections of a message. For one thread at a time. */
public final class SectionWriter {
    private static final int ROOM_FOR_SECTIONS = 768;

    private final Encoder encoder = Codecs.newEncoder();
    private final EncoderState state = encoder.newEncoderState();

    /** A new message. @param bodyLength a hint, in bytes */
    public Draft draft(int bodyLength) {
        return new Draft(ProtonBufferAllocator.defaultAllocator().allocate(bodyLength + ROOM_FOR_SECTIONS));
    }

    /** Text that goes into a symbol; what is not ASCII becomes a question mark. */
    public static String ascii(String text) {
        return text.chars().allMatch(c -> c < 0x80) ? text : text.replaceAll("[^\\x00-\\x7f]", "?");
    }

    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A message under way. */
    public final class Draft {
        private final ProtonBuffer out;

        private Draft(ProtonBuffer out) {
            this.out = out;
        }

        public Draft add(Section<?> section) {
            encoder.writeObject(out, state, section);
            return this;
        }

        public Draft addUnlessEmpty(Section<? extends Map<?, ?>> section) {
            return section.getValue() == null || section.getValue().isEmpty() ? this : add(section);
        }

        public ProtonBuffer finish() {
            state.reset();
            return out;
        }
    }
}
