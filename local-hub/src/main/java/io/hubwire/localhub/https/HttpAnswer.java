package io.hubwire.localhub.https;

import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.protocol.json.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.eclipse.jetty.http.HttpFields;

/** One answer. Immutable; {@code with…} makes another one. */
final class HttpAnswer {
    static final String JSON = "application/json; charset=utf-8";

    private final int status;
    private final HttpFields headers;
    private final byte[] body;

    private HttpAnswer(int status, HttpFields headers, byte[] ownedBody) {
        this.status = status;
        this.headers = headers;
        this.body = ownedBody;
    }

    /** No headers, no body. */
    static HttpAnswer empty(int status) {
        return new HttpAnswer(status, HttpFields.EMPTY, new byte[0]);
    }

    static HttpAnswer json(int status, JsonNode body) {
        return bytes(status, JSON, Json.writeBytes(body));
    }

    /** @param json text of a JSON value */
    static HttpAnswer jsonText(int status, String json) {
        return bytes(status, JSON, json.getBytes(StandardCharsets.UTF_8));
    }

    /** @param body not copied: the caller gives it away */
    static HttpAnswer bytes(int status, String contentType, byte[] body) {
        return new HttpAnswer(status, HttpFields.EMPTY, body).with("Content-Type", contentType);
    }

    HttpAnswer with(String header, String value) {
        return new HttpAnswer(
                status, HttpFields.build(headers).put(header, value).asImmutable(), body);
    }

    HttpAnswer with(Map<String, String> more) {
        HttpFields.Mutable all = HttpFields.build(headers);
        more.forEach(all::put);
        return new HttpAnswer(status, all.asImmutable(), body);
    }

    /** @param tag without quotes */
    HttpAnswer withETag(String tag) {
        return with("ETag", "\"" + tag + "\"");
    }

    int status() {
        return status;
    }

    HttpFields headers() {
        return headers;
    }

    /** Read-only. */
    ByteBuffer body() {
        return ByteBuffer.wrap(body).asReadOnlyBuffer();
    }

    int bodyLength() {
        return body.length;
    }
}
