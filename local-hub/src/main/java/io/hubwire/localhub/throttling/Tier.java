package io.hubwire.localhub.throttling;

/** A tier with one unit. */
public enum Tier {
    F1(8_000, 512),
    S1(400_000, 4096),
    S2(6_000_000, 4096),
    S3(300_000_000, 4096);

    private static final double MINUTE = 60;

    private final long messagesADay;
    private final int messageBytes;

    Tier(long messagesADay, int messageBytes) {
        this.messagesADay = messagesADay;
        this.messageBytes = messageBytes;
    }

    /** Messages of {@link #messageBytes} that may be sent between one midnight UTC and the next. */
    long messagesADay() {
        return messagesADay;
    }

    /** A message counts once for each so many bytes it has begun. */
    int messageBytes() {
        return messageBytes;
    }

    /** Sustained rate, in operations a second; for {@link Throttle#METHODS} in steps a second. */
    double perSecond(Throttle throttle) {
        return switch (throttle) {
            case IDENTITY_REGISTRY, C2D_SENDS, FILE_UPLOADS, JOBS -> pick(100, 100, 5_000) / MINUTE;
            case C2D_RECEIVES -> pick(1_000, 1_000, 50_000) / MINUTE;
            case QUERIES -> pick(20, 20, 1_000) / MINUTE;
            case CONFIGURATIONS -> 20 / MINUTE;
            case CONNECTIONS, D2C_SENDS -> pick(100, 120, 6_000);
            case METHODS -> pick(160, 480, 24 * 1024) * 1024.0 / Throttle.METHOD_METER_BYTES;
            case TWIN_READS -> pick(100, 100, 500);
            case TWIN_UPDATES -> pick(50, 50, 250);
        };
    }

    private int pick(int firstAndFree, int second, int third) {
        return switch (this) {
            case F1, S1 -> firstAndFree;
            case S2 -> second;
            case S3 -> third;
        };
    }
}
