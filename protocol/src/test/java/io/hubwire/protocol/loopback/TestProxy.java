package io.hubwire.protocol.loopback;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** An HTTP proxy on the loopback interface that tunnels whom its judge answers {@code 200}. */
public final class TestProxy implements AutoCloseable {
    private final List<String> requests = new CopyOnWriteArrayList<>();

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("localhost"));
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final UnaryOperator<String> judge;

    /** @param judge the answer to a request's head: its status line without {@code HTTP/1.1}, or empty for none at all */
    public TestProxy(UnaryOperator<String> judge) throws IOException {
        this.judge = judge;
        daemon(() -> {
            while (!server.isClosed()) {
                Socket client = server.accept();
                open.add(client);
                daemon(() -> serve(client));
            }
        });
    }

    /** The heads of all requests so far. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    public int port() {
        return server.getLocalPort();
    }

    private void serve(Socket client) throws IOException {
        String head = head(client.getInputStream());
        requests.add(head);
        String answer = judge.apply(head);
        if (answer.isEmpty()) {
            return;
        }
        client.getOutputStream()
                .write(("HTTP/1.1 " + answer + "\r\nVia: test\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        if (!answer.startsWith("200")) {
            client.close();
            return;
        }
        String[] target = head.split(" ")[1].split(":");
        Socket far = new Socket(target[0], Integer.parseInt(target[1]));
        open.add(far);
        daemon(() -> carry(far, client));
        carry(client, far);
    }

    private static void carry(Socket from, Socket to) throws IOException {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.read());
        }
        return head.toString();
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void daemon(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException hungUp) {
                Thread.currentThread().interrupt();
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
