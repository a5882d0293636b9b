package io.hubwire.localhub.broker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;

/** A socket that can hold what is written, and then lets it go in one piece. */
final class CorkedSocket extends Socket {
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private boolean corked;

    CorkedSocket(int port) throws IOException {
        super("localhost", port);
    }

    void cork() {
        corked = true;
    }

    void uncork() throws IOException {
        corked = false;
        super.getOutputStream().write(held.toByteArray());
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        OutputStream out = super.getOutputStream();
        return new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int count) throws IOException {
                if (corked) {
                    held.write(bytes, from, count);
                } else {
                    out.write(bytes, from, count);
                }
            }
        };
    }
}
