package io.hubwire.service;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A twin as the back end sees it: a view of the whole document. Immutable. Source: service-rest 5.1.
 */
public final class Twin {
    private static final List<String> BOOKKEEPING = List.of("$metadata", "$version");

    private final ObjectNode document;
    private final Identity identity;

    private Twin(ObjectNode ownedDocument) {
        this.document = ownedDocument;
        this.identity = Fields.identity(ownedDocument, "deviceId");
    }

    /**
     * Reads a document as the REST API has it.
     *
     * @throws io.hubwire.protocol.RemoteProtocolException when it is no object or an id is missing or illegal
     */
    public static Twin parse(String json) {
        return read(Json.parseObject("twin", json));
    }

    static Twin read(ObjectNode document) {
        return new Twin(document.deepCopy());
    }

    public Identity identity() {
        return identity;
    }

    /** The twin's version for {@link IfMatch}; changes with tags and desired properties. */
    public Optional<String> etag() {
        return Fields.text(document, "etag");
    }

    /** The identity's own tag. */
    public Optional<String> deviceEtag() {
        return Fields.text(document, "deviceEtag");
    }

    /** From 1; rises with each change of tags, desired or reported properties. 0 when the document does not say. */
    public long version() {
        return Fields.number(document, "version");
    }

    /** Whether the device may connect; {@code ENABLED} when the document does not say. */
    public IdentityStatus status() {
        return Fields.text(document, "status").map(IdentityStatus::of).orElse(IdentityStatus.ENABLED);
    }

    /** Whether it is connected over MQTT or AMQP; HTTPS does not count. */
    public boolean isConnected() {
        return Fields.text(document, "connectionState").orElse("").equalsIgnoreCase("Connected");
    }

    /** Empty if never. */
    public Optional<Instant> lastActivityTime() {
        return Fields.time(document, "lastActivityTime");
    }

    /** Messages waiting for it, 0 to 50. */
    public int cloudToDeviceMessageCount() {
        return Fields.smallNumber(document, "cloudToDeviceMessageCount");
    }

    /** The Plug and Play model it announced. */
    public Optional<String> modelId() {
        return Fields.text(document, "modelId").filter(id -> !id.isEmpty());
    }

    /** A copy of the tags, which only back ends see. */
    public ObjectNode tags() {
        return Fields.object(document, "tags");
    }

    /** A copy of the desired properties, without {@code $metadata} and {@code $version}. */
    public ObjectNode desired() {
        return properties("desired").remove(BOOKKEEPING);
    }

    /** What the device confirms as {@code av}; from 1, rises with each change of desired properties. 0 when not told. */
    public long desiredVersion() {
        return Fields.number(properties("desired"), "$version");
    }

    /** A copy of the reported properties, without {@code $metadata} and {@code $version}. */
    public ObjectNode reported() {
        return properties("reported").remove(BOOKKEEPING);
    }

    /** From 1; rises with each change of reported properties. 0 when the document does not say. */
    public long reportedVersion() {
        return Fields.number(properties("reported"), "$version");
    }

    /** The whole document. */
    public String json() {
        return Json.write(document);
    }

    /** A copy of the whole document. */
    public ObjectNode tree() {
        return document.deepCopy();
    }

    private ObjectNode properties(String name) {
        return Fields.object(Fields.object(document, "properties"), name);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Twin that && document.equals(that.document);
    }

    @Override
    public int hashCode() {
        return document.hashCode();
    }

    /** Who and which version; properties stay out of logs. */
    @Override
    public String toString() {
        return "Twin[" + identity + ", version " + version() + "]";
    }
}
