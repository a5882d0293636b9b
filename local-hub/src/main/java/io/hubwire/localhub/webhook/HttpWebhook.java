package io.hubwire.localhub.webhook;

import io.hubwire.localhub.engine.AllocationWebhook;
import io.hubwire.protocol.time.Timer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Posts to a program on this machine: a hub with public keys must not be a means to reach other machines. One request a
 * connection, no redirects, a deadline for the whole exchange.
 */
public final class HttpWebhook implements AllocationWebhook, AutoCloseable {
    private static final int THREADS = 4;
    private static final int MOST_WAITING = 10_000;
    private static final long IDLE_SECONDS = 2;
    private static final int MOST_BYTES = 1 << 18;

    private final SSLSocketFactory tls;
    private final Timer timer;
    private final Duration limit;
    private final ThreadPoolExecutor threads;
    private final Map<CompletableFuture<Reply>, HttpURLConnection> underWay = new ConcurrentHashMap<>();

    /**
     * @param tls trusts what webhooks over HTTPS show
     * @param limit for one exchange, from its turn on
     */
    public HttpWebhook(SSLSocketFactory tls, Timer timer, Duration limit) {
        this.tls = tls;
        this.timer = timer;
        this.limit = limit;
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MOST_WAITING), task -> {
                    Thread thread = new Thread(task, "hubwire-webhook-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public CompletableFuture<Reply> post(URI address, byte[] body) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        try {
            threads.execute(() -> exchange(address, body, reply));
        } catch (RejectedExecutionException e) {
            reply.completeExceptionally(
                    new IOException("too many webhooks wait to be called, or the hub is stopping", e));
        }
        return reply;
    }

    private void exchange(URI address, byte[] body, CompletableFuture<Reply> reply) {
        HttpURLConnection connection = null;
        Timer.@Nullable Scheduled end = null;
        try {
            connection = open(address);
            HttpURLConnection cut = connection;
            end = timer.schedule(limit, () -> {
                if (reply.completeExceptionally(new IOException("no answer within " + limit.toMillis() + " ms"))) {
                    cut.disconnect();
                }
            });
            connection.setFixedLengthStreamingMode(body.length);
            underWay.put(reply, connection);
            connection.connect();
            if (reply.isDone()) {
                return; // given up before there was a socket to close
            }
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body);
            }
            int status = connection.getResponseCode();
            reply.complete(new Reply(status, read(connection)));
        } catch (IOException | RuntimeException e) {
            reply.completeExceptionally(e);
        } finally {
            underWay.remove(reply);
            if (end != null) {
                end.cancel();
            }
            if (connection != null) {
                connection.disconnect();
            }
        }
    }

    private HttpURLConnection open(URI address) throws IOException {
        if (!InetAddress.getByName(address.getHost()).isLoopbackAddress()) {
            throw new IOException(
                    "webhook [" + address.getHost() + "] is not on this machine; a local DPS calls no other");
        }
        HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection(Proxy.NO_PROXY);
        if (connection instanceof HttpsURLConnection https) {
            https.setSSLSocketFactory(tls);
        }
        int millis = Math.toIntExact(limit.toMillis());
        connection.setConnectTimeout(millis);
        connection.setReadTimeout(millis);
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", "application/json; charset=utf-8");
        connection.setRequestProperty("Connection", "close"); // keeping it would cost a thread
        return connection;
    }

    private static byte[] read(HttpURLConnection connection) throws IOException {
        InputStream stream =
                connection.getErrorStream() != null ? connection.getErrorStream() : connection.getInputStream();
        try (InputStream in = stream) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new IOException("the answer is longer than " + MOST_BYTES + " bytes");
            }
            return bytes;
        }
    }

    /** Calls no more; those under way are dropped. */
    @Override
    public void close() {
        threads.shutdownNow();
        underWay.forEach((reply, connection) -> {
            reply.completeExceptionally(new IOException("the hub is stopping"));
            connection.disconnect(); // a thread that reads is not woken by an interrupt
        });
    }
}
