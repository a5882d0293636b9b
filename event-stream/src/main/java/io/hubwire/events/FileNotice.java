package io.hubwire.events;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.WireTime;
import io.hubwire.protocol.json.Json;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.qpid.protonj2.types.messaging.Accepted;
import org.apache.qpid.protonj2.types.messaging.Rejected;
import org.apache.qpid.protonj2.types.messaging.Released;
import org.apache.qpid.protonj2.types.transport.DeliveryState;
import org.jspecify.annotations.Nullable;

/**
 * A device has uploaded a file. Until {@link #complete} or {@link #abandon} is called the notice is locked for this
 * receiver; the lock ends after a minute, and with the connection. Then it comes again. Source: service-rest 13.5.
 */
public final class FileNotice {
    private final ObjectNode record;
    private final @Nullable Instant enqueuedTime;
    private final Consumer<DeliveryState> settle;

    private FileNotice(ObjectNode record, @Nullable Instant enqueuedTime, Consumer<DeliveryState> settle) {
        this.record = record;
        this.enqueuedTime = enqueuedTime;
        this.settle = settle;
    }

    /** @throws RemoteProtocolException when the body is not a JSON object */
    static FileNotice read(byte[] body, @Nullable Instant enqueued, Consumer<DeliveryState> settle) {
        return new FileNotice(Json.parseObject("file notice", body), enqueued, settle);
    }

    /** Who uploaded it; empty when the notice does not say. */
    public String deviceId() {
        return record.path("deviceId").asText();
    }

    /** Where the file is; reading it needs a right of the storage account. */
    public String blobUri() {
        return record.path("blobUri").asText();
    }

    /** The device's id, a slash, and the name it asked for. */
    public String blobName() {
        return record.path("blobName").asText();
    }

    /** Length in bytes; 0 when the notice does not say. */
    public long blobSizeInBytes() {
        return record.path("blobSizeInBytes").asLong();
    }

    /** When the file was last written, by the service's clock; empty when the notice does not say. */
    public Optional<Instant> lastUpdatedTime() {
        return WireTime.parse(record.path("lastUpdatedTime").asText());
    }

    /** When the notice was made, by the service's clock. */
    public Optional<Instant> enqueuedTime() {
        return WireTime.parse(record.path("enqueuedTimeUtc").asText()).or(() -> Optional.ofNullable(enqueuedTime));
    }

    /** The record as it came. */
    public String json() {
        return Json.write(record);
    }

    /** Done: it does not come again. Sent without waiting; the service does not answer. */
    public void complete() {
        settle.accept(Accepted.getInstance());
    }

    /** Gives it back: it comes again, to this or another receiver. */
    public void abandon() {
        settle.accept(Released.getInstance());
    }

    /** Drops it. */
    public void reject() {
        settle.accept(new Rejected());
    }

    @Override
    public String toString() {
        return "FileNotice[" + blobName() + ", " + blobSizeInBytes() + " bytes]";
    }
}
