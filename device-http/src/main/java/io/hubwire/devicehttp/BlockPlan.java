package io.hubwire.devicehttp;

import java.nio.ByteBuffer;
import java.util.Base64;

/**
 * How a file is cut. Pure. At most 50,000 blocks, so those of a huge file are larger than asked for. Source: Azure Storage,
 * "Scalability targets for Blob storage".
 */
record BlockPlan(long length, int blockBytes) {
    private static final int MAX_BLOCKS = 50_000;
    private static final int MD5_BYTES = 16;

    /** @param wanted bytes of a block */
    static BlockPlan of(long length, int wanted) {
        long least = (length + MAX_BLOCKS - 1) / MAX_BLOCKS;
        return new BlockPlan(length, Math.toIntExact(Math.max(wanted, least)));
    }

    /** Whether all of it goes in one request. */
    boolean isSingle() {
        return length <= blockBytes;
    }

    int count() {
        return (int) ((length + blockBytes - 1) / blockBytes);
    }

    int bytesOf(int index) {
        return (int) Math.min(blockBytes, length - (long) index * blockBytes);
    }

    /**
     * A block's id: its place and what it holds. So a block that is at the store under this id need not be sent again, and
     * one of another version of the file is not mistaken for it. All have one length, as the store demands.
     */
    static String id(int index, byte[] md5) {
        byte[] id = ByteBuffer.allocate(Integer.BYTES + MD5_BYTES)
                .putInt(index)
                .put(md5)
                .array();
        return Base64.getEncoder().encodeToString(id);
    }
}
