package io.hubwire.mqtt;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** An HTTP proxy for tests: answers CONNECT as it is told and, after 200, carries bytes. */
final class TestProxy implements AutoCloseable {
    /** The heads of all requests. */
    final List<String> requests = new CopyOnWriteArrayList<>();

    private final ServerSocket server;
    private final Function<String, Integer> judge;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    /** @param judge the status for a request's head */
    TestProxy(Function<String, Integer> judge) throws IOException {
        this.judge = judge;
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::acceptAll);
    }

    int port() {
        return server.getLocalPort();
    }

    private void acceptAll() throws IOException {
        while (true) {
            Socket client = server.accept();
            sockets.add(client);
            start(() -> serve(client));
        }
    }

    private void serve(Socket client) throws IOException {
        String head = readHead(client.getInputStream());
        requests.add(head);
        int status = judge.apply(head);
        client.getOutputStream()
                .write(("HTTP/1.1 " + status + " Whatever\r\nX: y\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        if (status != 200) {
            client.close();
            return;
        }
        String[] target = head.split(" ")[1].split(":");
        Socket peer = new Socket(target[0], Integer.parseInt(target[1]));
        sockets.add(peer);
        start(() -> carry(peer.getInputStream(), client.getOutputStream()));
        carry(client.getInputStream(), peer.getOutputStream());
    }

    private static String readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.read());
        }
        return head.toString();
    }

    private static void carry(InputStream from, OutputStream to) throws IOException {
        byte[] buffer = new byte[8192];
        for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
            to.write(buffer, 0, count);
        }
        to.close();
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException closed) {
                // the test is over, or one side has hung up
                Thread.currentThread().interrupt();
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
