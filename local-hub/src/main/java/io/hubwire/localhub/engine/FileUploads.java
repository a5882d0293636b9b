package io.hubwire.localhub.engine;

import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.http.FileUpload;

/**
 * Files of devices: a device asks for a place, puts the file there by itself, and says how it went. Source: device-http 6.
 */
public interface FileUploads {
    /** The one container; part of every blob's address. */
    String CONTAINER = "uploads";

    /**
     * Opens an upload: a place in the blob store, and a token for it that lasts as long as the upload may.
     *
     * @param blobName without the device's id; may have slashes
     * @param authority name and port by which the device reached this hub, and will reach the blob store
     * @throws HubException 404001; 400004 for a name no blob can have; 403006 when ten uploads of the device are open
     */
    FileUpload.Ticket initiate(DeviceId device, String blobName, String authority);

    /**
     * Closes an upload. A success makes a notice for the back end if the blob is there; without a blob it is taken and
     * makes none. Saying the same twice does no harm.
     *
     * @throws HubException 400006 an id that cannot be decoded, 400015 one that is not the device's, 400016 one whose time
     *     is over
     */
    void finish(DeviceId device, FileUpload.Outcome outcome);

    /** The blobs themselves. */
    BlobStore blobs();

    /** Notices of finished uploads, for the back end: one record a batch. */
    FeedbackQueue notices();

    /**
     * Whether a token opens a blob.
     *
     * @param blob container and name, {@code uploads/d1/a.txt}
     * @param permission {@code r} or {@code w}
     */
    BlobAccess access(String blob, BlobToken token, char permission);
}
