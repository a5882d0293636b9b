package io.hubwire.cli.bench.load;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * The least work a sender can do: one writer that flushes only when the window is full, one reader that counts PUBACKs.
 * Not a client, but a load that leaves the processor to the server under test.
 */
public final class RawLoad implements AutoCloseable {
    private static final int ANSWER_MILLIS = 30_000;
    private static final int BUFFER = 16 * 1024;
    private static final int PUBACK_BYTES = 4;
    private static final int LAST_ID = 60_000;
    private static final int CONNECT = 0x10;
    private static final int PUBLISH_QOS_1 = 0x32;
    private static final int USER_PASSWORD_CLEAN = 0xc2;

    private final LongSupplier nanoTime;
    private final Socket socket;
    private final BufferedOutputStream out;
    private final ByteBuffer publish;
    private final int idAt;
    private final Semaphore acknowledged = new Semaphore(0);
    private volatile boolean closed;
    private int lastId;

    /** Connects. */
    public RawLoad(Target target, Clock clock, LongSupplier nanoTime) throws IOException {
        this.nanoTime = nanoTime;
        socket = target.trust()
                .context()
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), target.port());
        socket.setTcpNoDelay(true);
        socket.setSoLinger(true, 0);
        socket.setSoTimeout(ANSWER_MILLIS);
        out = new BufferedOutputStream(socket.getOutputStream(), BUFFER);
        writeConnect(target, clock);
        DataInputStream in = new DataInputStream(socket.getInputStream());
        int connack = in.readInt();
        if (connack != 0x20020000 && connack != 0x20020100) {
            throw new IOException("CONNECT was answered with 0x" + Integer.toHexString(connack));
        }
        byte[] topic = target.topic().getBytes(StandardCharsets.UTF_8);
        int rest = 2 + topic.length + 2 + target.bodyBytes();
        publish = ByteBuffer.allocate(rest + 5);
        publish.put((byte) PUBLISH_QOS_1);
        putLength(publish, rest);
        publish.putShort((short) topic.length).put(topic);
        idAt = publish.position();
        publish.putShort((short) 0).put(target.body()).flip();
        Thread reader = new Thread(() -> countAcknowledgements(in), "hubwire-bench-pubacks");
        reader.setDaemon(true);
        reader.start();
    }

    private void writeConnect(Target target, Clock clock) throws IOException {
        byte[] id = target.device().deviceId().getBytes(StandardCharsets.UTF_8);
        byte[] user = target.userName().getBytes(StandardCharsets.UTF_8);
        byte[] password = target.password(clock).getBytes(StandardCharsets.UTF_8);
        ByteBuffer length = ByteBuffer.allocate(4);
        putLength(length, 10 + 2 + id.length + 2 + user.length + 2 + password.length);
        DataOutputStream data = new DataOutputStream(out);
        data.writeByte(CONNECT);
        data.write(length.array(), 0, length.position());
        data.writeUTF("MQTT");
        data.writeByte(4);
        data.writeByte(USER_PASSWORD_CLEAN);
        data.writeShort(240);
        for (byte[] field : new byte[][] {id, user, password}) {
            data.writeShort(field.length);
            data.write(field);
        }
        out.flush();
    }

    /** MQTT 3.1.1 section 2.2.3: seven bits a byte, the lowest first. */
    private static void putLength(ByteBuffer into, int length) {
        int rest = length;
        do {
            int low = rest & 0x7f;
            rest >>>= 7;
            into.put((byte) (rest > 0 ? low | 0x80 : low));
        } while (rest > 0);
    }

    private void countAcknowledgements(InputStream in) {
        byte[] buffer = new byte[BUFFER];
        int carried = 0;
        try {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                carried += count;
                acknowledged.release(carried / PUBACK_BYTES);
                carried %= PUBACK_BYTES;
            }
        } catch (IOException e) {
            if (!closed) {
                throw new IllegalStateException("the server ended the connection", e);
            }
        }
    }

    /**
     * Sends as fast as the window allows.
     *
     * @throws TimeoutException when an acknowledgement is missing for long
     */
    public Round run(int window, Duration lasting) throws Exception {
        long messages = 0;
        int room = window;
        long cpu = Footprint.cpuNanos();
        long allocated = Footprint.allocatedBytes();
        long start = nanoTime.getAsLong();
        long end = start + lasting.toNanos();
        while (nanoTime.getAsLong() - end < 0) {
            if (room == 0) {
                out.flush();
                room = await(1);
            }
            for (; room > 0; room--) {
                lastId = lastId % LAST_ID + 1;
                publish.putShort(idAt, (short) lastId);
                out.write(publish.array(), 0, publish.limit());
                messages++;
            }
        }
        out.flush();
        while (room < window) {
            room += await(1);
        }
        return new Round(
                messages,
                nanoTime.getAsLong() - start,
                Load.histogram(),
                Footprint.cpuNanos() - cpu,
                Footprint.allocatedBytes() - allocated);
    }

    /** @return how many acknowledgements have come, at least {@code least} */
    private int await(int least) throws InterruptedException, TimeoutException {
        if (!acknowledged.tryAcquire(least, ANSWER_MILLIS, TimeUnit.MILLISECONDS)) {
            throw new TimeoutException("no PUBACK for " + ANSWER_MILLIS + " ms");
        }
        return least + acknowledged.drainPermits();
    }

    @Override
    public void close() {
        closed = true;
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException("the socket did not close", e);
        }
    }
}
