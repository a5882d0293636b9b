package io.hubwire.devicehttp;

import io.hubwire.https.HttpsOptions;
import io.hubwire.https.HttpsRequest;
import io.hubwire.https.HttpsResponse;
import io.hubwire.https.RetryPolicy;
import io.hubwire.https.ServiceErrors;
import io.hubwire.https.ServiceException;
import io.hubwire.protocol.PercentEncoding;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.http.FileUpload;
import io.hubwire.protocol.json.ServiceErrorBody;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The blob that a ticket names, and the requests to it. Pure. All of them may be sent twice. Source: Azure Storage, "Put
 * Blob", "Put Block", "Put Block List", "Get Block List"; device-http 6.
 */
final class BlobTarget {
    private static final String VERSION = "2019-12-12";
    private static final Pattern NAME = Pattern.compile("<Name>([^<]*)</Name>");
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final FileUpload.Ticket ticket;
    private final UploadOptions options;
    private final Map<String, String> token = new LinkedHashMap<>();

    /** @throws RemoteProtocolException when the ticket's token is not a query */
    BlobTarget(FileUpload.Ticket ticket, UploadOptions options) {
        this.ticket = ticket;
        this.options = options;
        String query = ticket.sasToken().startsWith("?") ? ticket.sasToken().substring(1) : ticket.sasToken();
        for (String pair : query.split("&")) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new RemoteProtocolException(
                        "the token for blob [" + ticket.blobName() + "] is not a query of names and values");
            }
            token.put(
                    PercentEncoding.decode(pair.substring(0, equals)),
                    PercentEncoding.decode(pair.substring(equals + 1)));
        }
    }

    /** How the blob service is reached: as the hub is, but as itself, without the device's certificate. */
    HttpsOptions https(HttpsOptions hub) {
        String authority = ticket.hostName();
        int colon = authority.lastIndexOf(':');
        boolean hasPort = colon > authority.lastIndexOf(']') && colon > 0;
        String host = (hasPort ? authority.substring(0, colon) : authority)
                .replace("[", "")
                .replace("]", "");
        boolean same = host.equalsIgnoreCase(hub.hostName());
        return hub.toBuilder(host)
                .port(hasPort ? port(authority.substring(colon + 1)) : HttpsOptions.DEFAULT_PORT)
                .connectHost(same ? hub.connectHost().orElse(null) : null)
                .clientCertificate(null)
                .timeout(options.requestTimeout())
                .retry(new RetryPolicy(options.attempts(), FIRST_PAUSE, LONGEST_PAUSE))
                .maxConcurrent(options.parallel())
                .build();
    }

    private int port(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException none) {
            throw new RemoteProtocolException("blob host [" + ticket.hostName() + "] has no number for a port", none);
        }
    }

    /** Where the blob is, without the token. */
    String uri() {
        return "https://" + ticket.hostName() + "/" + ticket.containerName() + "/"
                + PercentEncoding.encode(ticket.blobName(), "/");
    }

    /** @param md5 of the content, base64 */
    HttpsRequest putWhole(byte[] content, String md5) {
        return with(HttpsRequest.put(path()))
                .header("x-ms-blob-type", "BlockBlob")
                .header("x-ms-blob-content-md5", md5)
                .header("Content-MD5", md5)
                .body(content, options.contentType())
                .repeatable()
                .build();
    }

    /** @param md5 of the block, base64 */
    HttpsRequest putBlock(String blockId, byte[] content, String md5) {
        return with(HttpsRequest.put(path()))
                .query("comp", "block")
                .query("blockid", blockId)
                .header("Content-MD5", md5)
                .body(content, "application/octet-stream")
                .repeatable()
                .build();
    }

    /** @param md5 of the whole, base64; the store keeps it and does not check it */
    HttpsRequest putBlockList(List<String> blockIds, String md5) {
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>");
        blockIds.forEach(id -> xml.append("<Latest>").append(id).append("</Latest>"));
        byte[] body = xml.append("</BlockList>").toString().getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        return with(HttpsRequest.put(path()))
                .query("comp", "blocklist")
                .header("x-ms-blob-content-type", options.contentType())
                .header("x-ms-blob-content-md5", md5)
                .body(body, "application/xml")
                .repeatable()
                .build();
    }

    HttpsRequest getBlockList() {
        return with(HttpsRequest.get(path()))
                .query("comp", "blocklist")
                .query("blocklisttype", "uncommitted")
                .build();
    }

    /** Ids in an answer to {@link #getBlockList}; base64 needs no XML escapes. None when there is no blob yet. */
    static Set<String> blockIds(HttpsRequest request, HttpsResponse answer) {
        Set<String> ids = new HashSet<>();
        if (answer.status() == 404) {
            return ids;
        }
        Matcher names = NAME.matcher(requireSuccess(request, answer).text());
        while (names.find()) {
            ids.add(names.group(1));
        }
        return ids;
    }

    /** @throws ServiceException with the store's name for the error, when it is one */
    static HttpsResponse requireSuccess(HttpsRequest request, HttpsResponse answer) {
        if (answer.isSuccess()) {
            return answer;
        }
        // the store says in a header of its own what the hub says in another, and writes XML
        Map<String, String> headers = new HashMap<>(answer.headers());
        answer.header("x-ms-error-code").ifPresent(code -> headers.put(ServiceErrorBody.HEADER, code));
        throw ServiceErrors.of(request, new HttpsResponse(answer.status(), headers, new byte[0]));
    }

    /** One segment, its slashes encoded: so any name is carried. */
    private String[] path() {
        return new String[] {ticket.containerName(), ticket.blobName()};
    }

    private HttpsRequest.Builder with(HttpsRequest.Builder request) {
        token.forEach(request::query);
        return request.header("x-ms-version", VERSION);
    }
}
