package io.hubwire.devicehttp;

/**
 * A finished upload, of which the hub knows.
 *
 * @param blobName as the hub named it: the device's id, a slash, and the name asked for
 * @param blobUri where it is, without a token
 * @param length in bytes
 * @param md5 of the whole file, base64; the blob carries it as its {@code Content-MD5}
 * @param blocks requests that carried content; 1 for a file that went at once
 * @param resumedBytes how much of it an earlier try had brought there already
 */
public record UploadResult(
        String correlationId,
        String blobName,
        String blobUri,
        long length,
        String md5,
        int blocks,
        long resumedBytes) {}
