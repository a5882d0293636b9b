package io.hubwire.cli.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.cli.registry.ImportReport.BadLine;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * Carries a file's lines into a {@link RegistryTarget}, identities a hundred at a time and in the file's order. A bad line
 * is reported with its number and costs none of the others; a failure that is no line's fault, such as a refused key or a
 * lost network, ends the import as an exception. Not thread-safe; one file each.
 */
public final class RegistryImport {
    private static final int BULK = 100;

    private final RegistryTarget target;
    private final ImportReport report;
    /** What the next call takes: each identity once, and not devices beside modules, which need their device first. */
    private final Map<Identity, RegistryLine.Entry> waiting = new LinkedHashMap<>();

    /** @param onBadLine told of each bad line as it is found */
    public RegistryImport(RegistryTarget target, Consumer<BadLine> onBadLine) {
        this.target = target;
        this.report = new ImportReport(onBadLine);
    }

    /**
     * Reads to the end.
     *
     * @param onProgress told after each line how many there were
     * @throws HubwireException when the target cannot be used at all
     */
    public ImportReport read(BufferedReader lines, IntConsumer onProgress) throws IOException {
        int number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            try {
                Optional<RegistryLine> parsed = RegistryLine.parse(number, number == 1 ? withoutMark(line) : line);
                parsed.ifPresent(this::take);
            } catch (InvalidInputException e) {
                report.bad(number, reason(e));
            }
            onProgress.accept(number);
        }
        flush();
        return report;
    }

    private void take(RegistryLine line) {
        if (line instanceof RegistryLine.Enrolled enrolled) {
            enroll(enrolled);
        } else if (line instanceof RegistryLine.Entry entry) {
            boolean otherKind = waiting.keySet().stream()
                    .findFirst()
                    .filter(first -> first.isModule() != entry.identity().isModule())
                    .isPresent();
            if (otherKind || waiting.size() == BULK || waiting.containsKey(entry.identity())) {
                flush();
            }
            waiting.put(entry.identity(), entry);
        }
    }

    private void enroll(RegistryLine.Enrolled line) {
        flush(); // an enrollment comes after the identities before it, as written
        try {
            target.enroll(line.group(), line.document());
            report.good(line);
        } catch (HubwireException e) {
            requireLinesFault(e);
            report.bad(line.number(), reason(e));
        }
    }

    private void flush() {
        List<RegistryLine.Entry> batch = List.copyOf(waiting.values());
        waiting.clear();
        if (batch.isEmpty()) {
            return;
        }
        Map<Identity, String> failures = new HashMap<>();
        Map<Identity, Iterator<RegistryLine.Entry>> there = new LinkedHashMap<>();
        for (RegistryTarget.Refusal refusal :
                send(batch.stream().map(RegistryLine.Entry::first).toList(), failures)) {
            Optional<List<RegistryLine.Entry>> further = batch.stream()
                    .filter(entry -> entry.identity().equals(refusal.identity()))
                    .findFirst()
                    .flatMap(RegistryLine.Entry::whenThere);
            if (refusal.isThereAlready() && further.isPresent()) {
                there.put(refusal.identity(), further.get().iterator());
            } else {
                failures.put(refusal.identity(), reason(refusal));
            }
        }
        while (!there.isEmpty()) {
            there.values().removeIf(further -> !further.hasNext());
            there.keySet().removeIf(failures::containsKey);
            List<RegistryLine.Entry> next =
                    there.values().stream().map(Iterator::next).toList();
            send(next, failures).forEach(refusal -> failures.put(refusal.identity(), reason(refusal)));
        }
        for (RegistryLine.Entry entry : batch) {
            String failure = failures.get(entry.identity());
            if (failure == null) {
                report.good(entry);
            } else {
                report.bad(entry.number(), entry.identity() + ": " + failure);
            }
        }
    }

    /** A call that is refused as a whole is cut in halves until the line is found whose fault it is. */
    private List<RegistryTarget.Refusal> send(List<RegistryLine.Entry> entries, Map<Identity, String> failures) {
        if (entries.isEmpty()) {
            return List.of();
        }
        try {
            List<ObjectNode> documents =
                    entries.stream().map(RegistryLine.Entry::document).toList();
            return target.bulk(documents);
        } catch (HubwireException e) {
            requireLinesFault(e);
            if (entries.size() == 1) {
                failures.put(entries.get(0).identity(), reason(e));
                return List.of();
            }
            int half = entries.size() / 2;
            List<RegistryTarget.Refusal> refusals = new ArrayList<>(send(entries.subList(0, half), failures));
            refusals.addAll(send(entries.subList(half, entries.size()), failures));
            return refusals;
        }
    }

    private static void requireLinesFault(HubwireException e) {
        boolean linesFault = e.code() == ErrorCode.INVALID_ARGUMENT
                || e.code() == ErrorCode.TOO_LARGE
                || e.code() == ErrorCode.CONFLICT
                || e.code() == ErrorCode.MALFORMED_REPLY;
        if (!linesFault) {
            throw e;
        }
    }

    private static String reason(RegistryTarget.Refusal refusal) {
        return refusal.reason().isEmpty() ? refusal.code() : refusal.code() + ", " + refusal.reason();
    }

    private static String reason(HubwireException e) {
        return String.valueOf(e.getMessage()).replaceAll("\\s*\\R\\s*", " ");
    }

    /** Editors on Windows begin a file with a byte order mark. */
    private static String withoutMark(String line) {
        return line.startsWith("\uFEFF") ? line.substring(1) : line;
    }
}
