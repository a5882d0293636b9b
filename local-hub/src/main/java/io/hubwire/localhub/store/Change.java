package io.hubwire.localhub.store;

import io.hubwire.localhub.store.log.Record;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a transaction did to one document, as its end state: to do it once more changes nothing. A transaction is a record
 * in the journal: {@code count:int change*}, and a change is {@code 1 kind id version:long length:int body} or
 * {@code 2 kind id}, with kind and id as {@link DataOutputStream#writeUTF} writes them and the body in UTF-8.
 */
sealed interface Change {
    String kind();

    String id();

    /** The document is there, like this. */
    record Put(String kind, String id, long version, String body) implements Change {}

    /** The document is not there. */
    record Remove(String kind, String id) implements Change {}

    static byte[] format(List<Change> changes) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(changes.size());
            for (Change change : changes) {
                out.writeByte(change instanceof Put ? 1 : 2);
                out.writeUTF(change.kind());
                out.writeUTF(change.id());
                if (change instanceof Put put) {
                    byte[] body = put.body().getBytes(StandardCharsets.UTF_8);
                    out.writeLong(put.version());
                    out.writeInt(body.length);
                    out.write(body);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    /** @throws StoreException when the record says something else than {@link #format} writes */
    static List<Change> parse(Record record) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(record.payload()))) {
            List<Change> changes = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                changes.add(read(in));
            }
            return changes;
        } catch (IOException | IllegalArgumentException e) {
            throw new StoreException("the journal's record " + record.sequence() + " cannot be understood", e);
        }
    }

    private static Change read(DataInputStream in) throws IOException {
        int what = in.readByte();
        String kind = in.readUTF();
        String id = in.readUTF();
        return switch (what) {
            case 1 -> {
                long version = in.readLong();
                int length = in.readInt();
                byte[] body = in.readNBytes(length);
                if (body.length < length) {
                    throw new EOFException();
                }
                yield new Put(kind, id, version, new String(body, StandardCharsets.UTF_8));
            }
            case 2 -> new Remove(kind, id);
            default -> throw new IllegalArgumentException("change of kind " + what);
        };
    }
}
