package io.hubwire.cli.context;

import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.Message;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a message may carry, the same for telemetry and C2D. */
public final class MessageOptions {
    @Option(
            names = {"-p", "--property"},
            paramLabel = "K=V",
            description = "An application property; repeatable. K alone: present without a value.")
    List<String> properties = new ArrayList<>();

    @Option(names = "--message-id", paramLabel = "ID", description = "Up to 128 ASCII characters.")
    @Nullable
    String messageId;

    @Option(names = "--correlation-id", paramLabel = "ID")
    @Nullable
    String correlationId;

    @Option(names = "--content-type", paramLabel = "TYPE", description = "For example application/json.")
    @Nullable
    String contentType;

    @Option(names = "--content-encoding", paramLabel = "NAME", description = "For example utf-8.")
    @Nullable
    String contentEncoding;

    /** The message id given, or null. */
    public @Nullable String messageId() {
        return messageId;
    }

    /** A message with these properties. @throws InvalidInputException for a property without a name */
    public Message.Builder message(byte[] body) {
        Message.Builder message = Message.builder(body);
        if (messageId != null) {
            message.messageId(messageId);
        }
        if (correlationId != null) {
            message.correlationId(correlationId);
        }
        if (contentType != null) {
            message.contentType(contentType);
        }
        if (contentEncoding != null) {
            message.contentEncoding(contentEncoding);
        }
        for (String property : properties) {
            int equals = property.indexOf('=');
            String name = equals < 0 ? property : property.substring(0, equals);
            if (name.isEmpty()) {
                throw new InvalidInputException("property [" + property + "] has no name; write -p NAME=VALUE");
            }
            message.property(name, equals < 0 ? null : property.substring(equals + 1));
        }
        return message;
    }
}
