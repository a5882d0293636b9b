package io.hubwire.localhub.https;

import io.hubwire.localhub.engine.BlobStore;
import io.hubwire.localhub.engine.FileUploads;
import io.hubwire.localhub.engine.transfers.Containers;
import io.hubwire.localhub.https.BlobApi.Refusal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * As much of a blob service as uploads and transfers need: Put Blob, Put Block, Put Block List, Get Block List, Get Blob,
 * Get Blob Properties, Delete Blob; block blobs only. Source: Azure Storage, "Operations on block blobs".
 */
final class Blobs implements Resource {
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{1,18})-(\\d{0,18})");
    /** A whole answer is made in memory. */
    private static final int MAX_READ = 64 << 20;

    private static final int MAX_BLOCK_ID = 64;

    private final BlobStore store;
    private final BlobApi api;

    private Blobs(BlobStore store, BlobApi api) {
        this.store = store;
        this.api = api;
    }

    /** What devices upload, each blob opened by a token of its own. */
    static Blobs ofUploads(FileUploads files) {
        return new Blobs(files.blobs(), new BlobApi(FileUploads.CONTAINER, files::access));
    }

    /** What imports read and exports write, opened by the container's token. */
    static Blobs ofRegistry(Containers containers, BlobStore store) {
        return new Blobs(store, new BlobApi(Containers.NAME, containers::access));
    }

    @Override
    public List<Route> routes() {
        return List.of(
                api.route("PUT", 'w', this::put),
                api.route("GET", 'r', this::get),
                api.route("HEAD", 'r', this::head),
                api.route("DELETE", 'd', this::delete));
    }

    private HttpAnswer put(HttpCall call, String blob) {
        String what = call.target().parameter("comp").orElse("");
        return switch (what) {
            case "" -> putBlob(call, blob);
            case "block" -> putBlock(call, blob);
            case "blocklist" -> putBlockList(call, blob);
            default -> throw new Refusal(400, "InvalidQueryParameterValue", "comp [" + what + "] is not offered here");
        };
    }

    private HttpAnswer putBlob(HttpCall call, String blob) {
        String type = call.header("x-ms-blob-type").orElse("");
        if (!type.equalsIgnoreCase("BlockBlob")) {
            throw new Refusal(400, "MissingRequiredHeader", "x-ms-blob-type [" + type + "] must be BlockBlob");
        }
        byte[] content = call.body();
        String md5 = checked(call, content);
        String contentType = call.header("x-ms-blob-content-type")
                .or(() -> call.header("Content-Type"))
                .orElse("application/octet-stream");
        return created(store.put(
                        blob,
                        content,
                        contentType,
                        call.header("x-ms-blob-content-md5").orElse(md5)))
                .with("Content-MD5", md5);
    }

    private HttpAnswer putBlock(HttpCall call, String blob) {
        String id = call.target().parameter("blockid").orElse("").replace(' ', '+');
        if (!isBlockId(id)) {
            throw new Refusal(
                    400,
                    "InvalidQueryParameterValue",
                    "blockid [" + id + "] must be base64 of 1 to " + MAX_BLOCK_ID + " bytes");
        }
        byte[] content = call.body();
        String md5 = checked(call, content);
        store.putBlock(blob, id, content);
        return HttpAnswer.empty(201).with("Content-MD5", md5).with("x-ms-request-server-encrypted", "false");
    }

    private static boolean isBlockId(String id) {
        try {
            int bytes = Base64.getDecoder().decode(id).length;
            return bytes >= 1 && bytes <= MAX_BLOCK_ID;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    private HttpAnswer putBlockList(HttpCall call, String blob) {
        byte[] xml = call.body();
        checked(call, xml);
        BlobStore.Properties made = store.commit(
                        blob,
                        BlockXml.parse(xml),
                        call.header("x-ms-blob-content-type").orElse("application/octet-stream"),
                        call.header("x-ms-blob-content-md5").orElse(null))
                .orElseThrow(() ->
                        new Refusal(400, "InvalidBlockList", "the list names a block that was not put, or not kept"));
        return created(made);
    }

    /** The body's MD5 in base64; refuses a body that is not what its sender sent. */
    private static String checked(HttpCall call, byte[] content) {
        String md5 = Base64.getEncoder().encodeToString(md5(content));
        Optional<String> sent = call.header("Content-MD5");
        if (sent.isPresent() && !sent.get().equals(md5)) {
            throw new Refusal(
                    400, "Md5Mismatch", "Content-MD5 [" + sent.get() + "] is not that of the body, [" + md5 + "]");
        }
        return md5;
    }

    private static byte[] md5(byte[] content) {
        try {
            return MessageDigest.getInstance("MD5").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }

    private HttpAnswer get(HttpCall call, String blob) {
        String what = call.target().parameter("comp").orElse("");
        if (what.equals("blocklist")) {
            return blockList(call, blob);
        }
        if (!what.isEmpty()) {
            throw new Refusal(400, "InvalidQueryParameterValue", "comp [" + what + "] is not offered here");
        }
        long length = store.properties(blob).orElseThrow(Blobs::notThere).length();
        Optional<String> range = call.header("x-ms-range").or(() -> call.header("Range"));
        return range.map(r -> part(blob, r, length)).orElseGet(() -> whole(blob, length));
    }

    private HttpAnswer whole(String blob, long length) {
        if (length > MAX_READ) {
            throw new Refusal(
                    416, "InvalidRange", "the blob has " + length + " bytes; read it in ranges of " + MAX_READ);
        }
        BlobStore.Content content = store.read(blob, 0, MAX_READ).orElseThrow(Blobs::notThere);
        return describe(
                HttpAnswer.bytes(200, content.properties().contentType(), content.bytes()), content.properties());
    }

    private HttpAnswer part(String blob, String range, long length) {
        Matcher asked = RANGE.matcher(range);
        long from = asked.matches() ? Long.parseLong(asked.group(1)) : length;
        if (from >= length) {
            throw new Refusal(416, "InvalidRange", "range [" + range + "] is not one of " + length + " bytes");
        }
        long last = asked.group(2).isEmpty() ? length - 1 : Math.min(Long.parseLong(asked.group(2)), length - 1);
        long wanted = last - from + 1;
        if (wanted < 1 || wanted > MAX_READ) {
            throw new Refusal(416, "InvalidRange", "range [" + range + "] is empty or longer than " + MAX_READ);
        }
        BlobStore.Content content = store.read(blob, from, (int) wanted).orElseThrow(Blobs::notThere);
        HttpAnswer answer = HttpAnswer.bytes(206, content.properties().contentType(), content.bytes())
                .with("Content-Range", "bytes " + from + "-" + last + "/" + length);
        return describe(answer, content.properties());
    }

    private HttpAnswer blockList(HttpCall call, String blob) {
        String which =
                call.target().parameter("blocklisttype").orElse("committed").toLowerCase(java.util.Locale.ROOT);
        List<BlobStore.Block> committed = which.equals("uncommitted") ? List.of() : store.committed(blob);
        List<BlobStore.Block> uncommitted = which.equals("committed") ? List.of() : store.uncommitted(blob);
        if (committed.isEmpty()
                && uncommitted.isEmpty()
                && store.properties(blob).isEmpty()) {
            throw notThere();
        }
        byte[] xml = BlockXml.format(committed, uncommitted).getBytes(StandardCharsets.UTF_8);
        return HttpAnswer.bytes(200, "application/xml", xml);
    }

    private HttpAnswer head(HttpCall call, String blob) {
        BlobStore.Properties properties = store.properties(blob).orElseThrow(Blobs::notThere);
        HttpAnswer answer = HttpAnswer.empty(200)
                .with("Content-Type", properties.contentType())
                .with("Content-Length", Long.toString(properties.length()));
        return describe(answer, properties);
    }

    private HttpAnswer delete(HttpCall call, String blob) {
        if (!store.delete(blob)) {
            throw notThere();
        }
        return HttpAnswer.empty(202);
    }

    private static HttpAnswer describe(HttpAnswer answer, BlobStore.Properties properties) {
        String md5 = properties.md5();
        return (md5 == null ? answer : withMd5(answer, md5))
                .with("Last-Modified", time(properties))
                .with("x-ms-blob-type", "BlockBlob")
                .with("Accept-Ranges", "bytes")
                .withETag(properties.etag());
    }

    /** In a part of a blob {@code Content-MD5} would be that of the part. */
    private static HttpAnswer withMd5(HttpAnswer answer, @Nullable String md5) {
        return answer.with(answer.status() == 206 ? "x-ms-blob-content-md5" : "Content-MD5", String.valueOf(md5));
    }

    private static HttpAnswer created(BlobStore.Properties made) {
        return HttpAnswer.empty(201)
                .with("Last-Modified", time(made))
                .with("x-ms-request-server-encrypted", "false")
                .withETag(made.etag());
    }

    private static String time(BlobStore.Properties properties) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(
                properties.lastModified().atZone(ZoneOffset.UTC));
    }

    private static Refusal notThere() {
        return new Refusal(404, "BlobNotFound", "there is no such blob");
    }
}
