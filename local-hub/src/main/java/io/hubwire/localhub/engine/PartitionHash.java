package io.hubwire.localhub.engine;

/**
 * Which partition a device's events go to: Bob Jenkins' public-domain lookup3 ({@code hashlittle2}, both seeds 0) over the
 * upper-cased id, the low 16 bits of {@code c xor b} as a signed number, its absolute value modulo the partition count.
 * Readers must not rely on it. Allocates nothing. Source: amqp 5.
 */
final class PartitionHash {
    private PartitionHash() {}

    static int partition(String deviceId, int partitions) {
        return Math.abs((int) shortHash(deviceId)) % partitions;
    }

    static short shortHash(String deviceId) {
        long hash = hash(deviceId, true);
        return (short) ((int) (hash >>> 32) ^ (int) hash);
    }

    /**
     * {@code c} in the upper, {@code b} in the lower 32 bits.
     *
     * @param text ASCII
     */
    static long hash(String text, boolean upperCase) {
        int length = text.length();
        int a = 0xdeadbeef + length;
        int b = a;
        int c = a;
        int at = 0;
        int left = length;
        while (left > 12) {
            a += word(text, at, length, upperCase);
            b += word(text, at + 4, length, upperCase);
            c += word(text, at + 8, length, upperCase);
            a -= c;
            a ^= Integer.rotateLeft(c, 4);
            c += b;
            b -= a;
            b ^= Integer.rotateLeft(a, 6);
            a += c;
            c -= b;
            c ^= Integer.rotateLeft(b, 8);
            b += a;
            a -= c;
            a ^= Integer.rotateLeft(c, 16);
            c += b;
            b -= a;
            b ^= Integer.rotateLeft(a, 19);
            a += c;
            c -= b;
            c ^= Integer.rotateLeft(b, 4);
            b += a;
            at += 12;
            left -= 12;
        }
        if (left == 0) {
            return ((long) c << 32) | (b & 0xffff_ffffL);
        }
        a += word(text, at, length, upperCase);
        b += word(text, at + 4, length, upperCase);
        c += word(text, at + 8, length, upperCase);
        c ^= b;
        c -= Integer.rotateLeft(b, 14);
        a ^= c;
        a -= Integer.rotateLeft(c, 11);
        b ^= a;
        b -= Integer.rotateLeft(a, 25);
        c ^= b;
        c -= Integer.rotateLeft(b, 16);
        a ^= c;
        a -= Integer.rotateLeft(c, 4);
        b ^= a;
        b -= Integer.rotateLeft(a, 14);
        c ^= b;
        c -= Integer.rotateLeft(b, 24);
        return ((long) c << 32) | (b & 0xffff_ffffL);
    }

    /** Four characters from {@code at} on, little-endian; what is beyond {@code end} counts as zero. */
    private static int word(String text, int at, int end, boolean upperCase) {
        int word = 0;
        for (int i = 0; i < 4 && at + i < end; i++) {
            char c = text.charAt(at + i);
            int octet = upperCase && c >= 'a' && c <= 'z' ? c - 32 : c & 0xff;
            word |= octet << (8 * i);
        }
        return word;
    }
}
