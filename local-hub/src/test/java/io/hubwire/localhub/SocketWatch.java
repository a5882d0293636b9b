package io.hubwire.localhub;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** Sees, from Linux's tables, whom this process is or tries to be connected with over TCP and UDP, again and again. */
final class SocketWatch implements AutoCloseable {
    private static final List<Path> TABLES = Stream.of("tcp", "tcp6", "udp", "udp6")
            .map(name -> Path.of("/proc/self/net", name))
            .toList();

    private final Set<InetAddress> peers = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean over = new AtomicBoolean();
    private final Thread thread = new Thread(this::watch, "socket-watch");

    private SocketWatch() {
        thread.setDaemon(true);
    }

    static SocketWatch start() {
        SocketWatch watch = new SocketWatch();
        watch.thread.start();
        return watch;
    }

    /** Everyone seen so far. */
    Set<InetAddress> peers() {
        return Set.copyOf(peers);
    }

    @Override
    public void close() throws InterruptedException {
        over.set(true);
        thread.join(10_000);
    }

    private void watch() {
        while (!over.get()) {
            Set<String> own = ownSockets();
            TABLES.forEach(table -> read(table, own));
        }
    }

    private void read(Path table, Set<String> own) {
        try {
            List<String> lines = Files.readAllLines(table);
            for (String line : lines.subList(1, lines.size())) {
                String[] columns = line.trim().split("\\s+");
                InetAddress peer = address(columns[2]);
                if (own.contains(columns[9]) && !peer.isAnyLocalAddress()) {
                    peers.add(peer);
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Set<String> ownSockets() {
        Set<String> inodes = ConcurrentHashMap.newKeySet();
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            open.forEach(fd -> {
                try {
                    String target = Files.readSymbolicLink(fd).toString();
                    if (target.startsWith("socket:[")) {
                        inodes.add(target.substring(8, target.length() - 1));
                    }
                } catch (IOException closedMeanwhile) {
                    inodes.remove("");
                }
            });
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return inodes;
    }

    /** {@code 0100007F:22B3}: words in the machine's byte order. */
    private static InetAddress address(String hex) throws IOException {
        byte[] bytes = HexFormat.of().parseHex(hex.substring(0, hex.indexOf(':')));
        ByteBuffer swapped = ByteBuffer.allocate(bytes.length);
        ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        while (words.hasRemaining()) {
            swapped.putInt(words.getInt());
        }
        return InetAddress.getByAddress(swapped.array());
    }
}
