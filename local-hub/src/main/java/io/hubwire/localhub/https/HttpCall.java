package io.hubwire.localhub.https;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.ETagMatch;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.json.Json;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;

/** One request, read whole. Immutable. */
final class HttpCall {
    private final RequestTarget target;
    private final Map<String, String> parameters;
    private final HttpFields headers;
    private final byte[] body;
    private final Peer peer;

    /**
     * Who asks, and whom.
     *
     * @param clientChain certificates of the TLS handshake, leaf first; empty without one
     * @param authority name and port by which this server was addressed, {@code localhost:8443}
     */
    record Peer(List<X509Certificate> clientChain, String authority) {
        Peer {
            clientChain = List.copyOf(clientChain);
        }

        /** The name without the port. */
        String hostAsked() {
            int colon = authority.lastIndexOf(':');
            return colon > authority.lastIndexOf(']') ? authority.substring(0, colon) : authority;
        }
    }

    /**
     * @param parameters values of the holes in the route's path
     * @param body not copied: the caller gives it away
     */
    HttpCall(RequestTarget target, Map<String, String> parameters, HttpFields headers, byte[] body, Peer peer) {
        this.target = target;
        this.parameters = Map.copyOf(parameters);
        this.headers = headers.asImmutable();
        this.body = body;
        this.peer = peer;
    }

    RequestTarget target() {
        return target;
    }

    Peer peer() {
        return peer;
    }

    /** A value from the path, decoded. */
    String parameter(String hole) {
        String value = parameters.get(hole);
        if (value == null) {
            throw new IllegalStateException("no {" + hole + "} in the path of this route");
        }
        return value;
    }

    /** The device of the path, or the module if the path names one. */
    Identity identity() {
        String device = parameter("deviceId");
        return parameters.containsKey("moduleId")
                ? Identity.module(device, parameter("moduleId"))
                : Identity.device(device);
    }

    /** The value, or empty when absent. */
    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /** Name and value of every header, in wire order. */
    List<Map.Entry<String, String>> headers() {
        List<Map.Entry<String, String>> list = new ArrayList<>();
        for (HttpField field : headers) {
            list.add(Map.entry(
                    field.getName(), Optional.ofNullable(field.getValue()).orElse("")));
        }
        return list;
    }

    ETagMatch ifMatch() {
        return ETagMatch.parse(headers.get("If-Match"));
    }

    /** The bytes as they came. */
    byte[] body() {
        return body.clone();
    }

    int bodyLength() {
        return body.length;
    }

    /** @throws HubException 400006 when the body is not JSON */
    JsonNode json() {
        try {
            return Json.parse("the body", body);
        } catch (RemoteProtocolException notJson) {
            throw new HubException(HubError.IOT_HUB_FORMAT_ERROR, String.valueOf(notJson.getMessage()));
        }
    }

    /** @throws HubException 400006 when the body is not JSON, 400004 when it is not an object */
    ObjectNode jsonObject() {
        if (json() instanceof ObjectNode object) {
            return object;
        }
        throw new HubException(HubError.ARGUMENT_INVALID, "the body must be a JSON object");
    }

    /** @throws HubException 400006 when the body is not JSON, 400004 when it is not an array */
    ArrayNode jsonArray() {
        if (json() instanceof ArrayNode array) {
            return array;
        }
        throw new HubException(HubError.ARGUMENT_INVALID, "the body must be a JSON array");
    }
}
