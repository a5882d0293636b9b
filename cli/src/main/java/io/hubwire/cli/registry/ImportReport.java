package io.hubwire.cli.registry;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.json.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/** What became of a file. Not thread-safe. */
public final class ImportReport {
    /** Of so many bad lines the report tells each; of more it tells how many. */
    private static final int MOST_TOLD = 1_000;

    /**
     * A line that was not carried out.
     *
     * @param number from 1
     * @param reason one sentence: the value, the rule
     */
    public record BadLine(int number, String reason) {}

    private final List<BadLine> bad = new ArrayList<>();
    private final Consumer<BadLine> witness;
    private int devices;
    private int modules;
    private int enrollments;
    private int failed;

    /** @param witness told of each bad line as it is found */
    ImportReport(Consumer<BadLine> witness) {
        this.witness = witness;
    }

    void good(RegistryLine line) {
        if (line instanceof RegistryLine.Enrolled) {
            enrollments++;
        } else if (line instanceof RegistryLine.Entry entry && entry.identity().isModule()) {
            modules++;
        } else {
            devices++;
        }
    }

    void bad(int number, String reason) {
        BadLine line = new BadLine(number, reason);
        failed++;
        if (bad.size() < MOST_TOLD) {
            bad.add(line);
            witness.accept(line);
        }
    }

    /** Lines that were not carried out. */
    public int failed() {
        return failed;
    }

    /** In order of their numbers; the first thousand at most. */
    public List<BadLine> badLines() {
        List<BadLine> sorted = new ArrayList<>(bad);
        sorted.sort(Comparator.comparingInt(BadLine::number));
        return Collections.unmodifiableList(sorted);
    }

    /** {@code {"devices","modules","enrollments","failed","badLines":[{"line","reason"}],"ok"}}. */
    public ObjectNode json() {
        ObjectNode document = Json.object()
                .put("devices", devices)
                .put("modules", modules)
                .put("enrollments", enrollments)
                .put("failed", failed);
        ArrayNode lines = document.putArray("badLines");
        badLines().forEach(line -> lines.addObject().put("line", line.number()).put("reason", line.reason()));
        return document.put("ok", failed == 0);
    }

    /** For people. */
    public String text() {
        return devices + " devices, " + modules + " modules, " + enrollments + " enrollments"
                + (failed == 0 ? "" : "; " + failed + " lines failed");
    }
}
