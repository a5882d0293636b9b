package io.hubwire.devicehttp;

import io.hubwire.https.Await;
import io.hubwire.https.HttpsClient;
import io.hubwire.https.HttpsRequest;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.TransportException;
import io.hubwire.protocol.http.FileUpload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * One file on its way to its blob. The disk is read on one thread, in order, so that the checksum of the whole comes with
 * it; a block is read when a lane is free to send it, so no more blocks are in memory than there are lanes.
 */
final class Transfer {
    private final HttpsClient https;
    private final BlobTarget target;
    private final FileUpload.Ticket ticket;
    private final Path file;
    private final UploadOptions options;
    private final Executor disk;
    private final CompletableFuture<UploadResult> result = new CompletableFuture<>();

    /** All below belongs to the disk's thread. */
    private final MessageDigest whole = md5();

    private final List<String> ids = new ArrayList<>();
    private int next;
    private int lanes;
    private int sent;
    private long done;
    private long resumed;
    private volatile boolean over;

    Transfer(
            HttpsClient https,
            BlobTarget target,
            FileUpload.Ticket ticket,
            Path file,
            UploadOptions options,
            Executor disk) {
        this.https = https;
        this.target = target;
        this.ticket = ticket;
        this.file = file;
        this.options = options;
        this.disk = disk;
    }

    /** @param resume whether the store may have blocks of it already */
    CompletableFuture<UploadResult> start(boolean resume) {
        result.whenComplete((r, f) -> over = true);
        if (resume) {
            HttpsRequest asked = target.getBlockList();
            follow(https.send(asked).thenApply(answer -> BlobTarget.blockIds(asked, answer)), this::open);
        } else {
            onDisk(() -> open(Set.of()));
        }
        return result;
    }

    private void open(Set<String> there) {
        FileChannel channel = opened();
        result.whenComplete((r, f) -> disk.execute(() -> close(channel)));
        BlockPlan plan = BlockPlan.of(size(channel), options.blockBytes());
        options.progress().transferred(0, plan.length());
        if (plan.isSingle()) {
            sendWhole(channel, plan);
            return;
        }
        lanes = Math.min(options.parallel(), plan.count());
        for (int i = 0; i < lanes; i++) {
            onDisk(() -> nextBlock(channel, plan, there));
        }
    }

    private void sendWhole(FileChannel channel, BlockPlan plan) {
        byte[] content = read(channel, 0, (int) plan.length());
        String md5 = base64(whole.digest(content));
        HttpsRequest request = target.putWhole(content, md5);
        follow(https.send(request), answer -> {
            BlobTarget.requireSuccess(request, answer);
            options.progress().transferred(plan.length(), plan.length());
            finish(plan, md5, 1);
        });
    }

    /** A lane's turn: reads on until there is a block that the store lacks, and sends it. */
    private void nextBlock(FileChannel channel, BlockPlan plan, Set<String> there) {
        while (!over && next < plan.count()) {
            int index = next++;
            byte[] content = read(channel, (long) index * plan.blockBytes(), plan.bytesOf(index));
            whole.update(content);
            byte[] md5 = md5().digest(content);
            String id = BlockPlan.id(index, md5);
            ids.add(id);
            if (there.contains(id)) {
                resumed += content.length;
                advance(content.length, plan);
                continue;
            }
            HttpsRequest request = target.putBlock(id, content, base64(md5));
            follow(https.send(request), answer -> {
                BlobTarget.requireSuccess(request, answer);
                sent++;
                advance(plan.bytesOf(index), plan);
                nextBlock(channel, plan, there);
            });
            return;
        }
        if (--lanes == 0 && !over) {
            commit(channel, plan);
        }
    }

    private void commit(FileChannel channel, BlockPlan plan) {
        if (size(channel) != plan.length()) {
            throw new InvalidInputException("file [" + file + "] changed its length while it was uploaded, from ["
                    + plan.length() + "] to [" + size(channel) + "] bytes");
        }
        String md5 = base64(whole.digest());
        HttpsRequest request = target.putBlockList(ids, md5);
        follow(https.send(request), answer -> {
            BlobTarget.requireSuccess(request, answer);
            finish(plan, md5, sent);
        });
    }

    private void advance(long bytes, BlockPlan plan) {
        done += bytes;
        options.progress().transferred(done, plan.length());
    }

    private void finish(BlockPlan plan, String md5, int requests) {
        result.complete(new UploadResult(
                ticket.correlationId(), ticket.blobName(), target.uri(), plan.length(), md5, requests, resumed));
    }

    private interface Then<T> {
        void on(T value);
    }

    /** Goes on with an answer on the disk's thread; a failure is the transfer's. */
    private <T> void follow(CompletableFuture<T> stage, Then<T> then) {
        CompletableFuture<T> unused = stage.whenComplete((value, failure) -> {
            if (failure != null) {
                result.completeExceptionally(Await.cause(failure));
            } else {
                onDisk(() -> then.on(value));
            }
        });
        result.whenComplete((r, f) -> stage.cancel(false));
    }

    private void onDisk(Runnable work) {
        disk.execute(() -> {
            if (over) {
                return;
            }
            try {
                work.run();
            } catch (RuntimeException | Error failure) {
                result.completeExceptionally(failure);
            }
        });
    }

    private FileChannel opened() {
        try {
            return FileChannel.open(file);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private long size(FileChannel channel) {
        try {
            return channel.size();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private byte[] read(FileChannel channel, long from, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        try {
            while (bytes.hasRemaining()) {
                if (channel.read(bytes, from + bytes.position()) < 0) {
                    throw new InvalidInputException(
                            "file [" + file + "] became shorter while it was uploaded; nothing was made of it");
                }
            }
            return bytes.array();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private TransportException unreadable(IOException e) {
        return new TransportException(ErrorCode.STORAGE_FAILED, "file [" + file + "] cannot be read: " + e, e);
    }

    private void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            result.completeExceptionally(unreadable(e)); // too late to matter: nothing is written through it
        }
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
