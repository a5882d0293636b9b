package io.hubwire.devicehttp;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How a file is uploaded. Immutable; {@link #defaults} suits most.
 *
 * <p>An upload needs about three times {@link #blockBytes} of memory for each of the {@link #parallel} requests.
 */
public final class UploadOptions {
    private static final UploadOptions DEFAULTS = new UploadOptions(new Builder());

    private final int blockBytes;
    private final int parallel;
    private final int attempts;
    private final Duration requestTimeout;
    private final String contentType;
    private final @Nullable Path journal;
    private final Progress progress;

    private UploadOptions(Builder b) {
        this.blockBytes = b.blockBytes;
        this.parallel = b.parallel;
        this.attempts = b.attempts;
        this.requestTimeout = b.requestTimeout;
        this.contentType = b.contentType;
        this.journal = b.journal;
        this.progress = b.progress;
    }

    /** Told how far an upload is. */
    @FunctionalInterface
    public interface Progress {
        /**
         * Called after each request and once at the start, one call at a time, on threads of the client: do not block.
         * What it throws ends the upload.
         *
         * @param done bytes that the store has; never falls
         * @param total bytes of the file
         */
        void transferred(long done, long total);
    }

    /** 4 MiB blocks, four at a time, no journal, nobody told. */
    public static UploadOptions defaults() {
        return DEFAULTS;
    }

    /** A builder that starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** These, changed. */
    public UploadOptions with(UnaryOperator<Builder> change) {
        Builder b = new Builder();
        b.blockBytes = blockBytes;
        b.parallel = parallel;
        b.attempts = attempts;
        b.requestTimeout = requestTimeout;
        b.contentType = contentType;
        b.journal = journal;
        b.progress = progress;
        return change.apply(b).build();
    }

    /** 65,536 to 104,857,600 bytes; a file up to this size goes in one request. */
    public int blockBytes() {
        return blockBytes;
    }

    /** Requests at a time, 1 to 16. */
    public int parallel() {
        return parallel;
    }

    /** How often a block is sent before the upload fails, 1 or more. */
    public int attempts() {
        return attempts;
    }

    /** Deadline of one block with all its attempts; above zero. */
    public Duration requestTimeout() {
        return requestTimeout;
    }

    /** Of the blob. */
    public String contentType() {
        return contentType;
    }

    /** The folder that remembers uploads under way; empty for none. */
    public Optional<Path> journal() {
        return Optional.ofNullable(journal);
    }

    /** Who is told how far an upload is. */
    public Progress progress() {
        return progress;
    }

    /** Collects options. Not thread-safe. */
    public static final class Builder {
        private int blockBytes = 4 << 20;
        private int parallel = 4;
        private int attempts = 10;
        private Duration requestTimeout = Duration.ofMinutes(5);
        private String contentType = "application/octet-stream";
        private @Nullable Path journal;
        private Progress progress = (done, total) -> {};

        private Builder() {}

        /** 64 KiB to 100 MiB; default 4 MiB. A file up to this size goes in one request. */
        public Builder blockBytes(int value) {
            if (value < 64 << 10 || value > 100 << 20) {
                throw new IllegalArgumentException("blockBytes [" + value + "] must be 65536 to 104857600");
            }
            this.blockBytes = value;
            return this;
        }

        /** Requests at a time, 1 to 16; default 4. */
        public Builder parallel(int value) {
            if (value < 1 || value > 16) {
                throw new IllegalArgumentException("parallel [" + value + "] must be 1 to 16");
            }
            this.parallel = value;
            return this;
        }

        /** How often a block is sent before the upload fails, 1 or more; default 10, with pauses of up to 10 s. */
        public Builder attempts(int value) {
            if (value < 1) {
                throw new IllegalArgumentException("attempts [" + value + "] must be 1 or more");
            }
            this.attempts = value;
            return this;
        }

        /** Deadline of one block with all its attempts; default 5 minutes. */
        public Builder requestTimeout(Duration value) {
            if (value.isZero() || value.isNegative()) {
                throw new IllegalArgumentException("requestTimeout [" + value + "] must be above zero");
            }
            this.requestTimeout = value;
            return this;
        }

        /** Of the blob; default {@code application/octet-stream}. */
        public Builder contentType(String value) {
            this.contentType = value;
            return this;
        }

        /**
         * A folder that remembers uploads under way, so that one whose program ended in between is taken up again by the next
         * upload of the same file, or told to the hub as failed by {@link FileUploads#settleLeftOvers}. Its files hold
         * upload tokens and are readable by their owner only, where the file system knows owners. Null for none.
         */
        public Builder journal(@Nullable Path value) {
            this.journal = value;
            return this;
        }

        /** Default nobody. */
        public Builder progress(Progress value) {
            this.progress = value;
            return this;
        }

        public UploadOptions build() {
            return new UploadOptions(this);
        }
    }
}
