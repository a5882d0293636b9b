package io.hubwire.cli.backend;

import io.hubwire.cli.output.Terminal;
import io.hubwire.events.Event;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Events as rows that fit the terminal, above a running total. Times are UTC, as everywhere. */
final class EventTable implements EventView {
    /** Time, device, place in the partition, and the gaps between. */
    private static final String ROW = "%-12s  %-16s  %-8s  %s";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final int DEVICE_WIDTH = 16;
    /** Of more devices the total says that they are many; a monitor runs for days. */
    private static final int MOST_DEVICES = 100_000;

    private final Terminal terminal;
    private final Clock clock;
    private final Instant begun;
    private final Set<String> devices = new HashSet<>();
    private long events;

    EventTable(Terminal terminal, Clock clock) {
        this.terminal = terminal;
        this.clock = clock;
        this.begun = clock.instant();
        terminal.line(cut(String.format(ROW, "TIME", "DEVICE", "PLACE", "EVENT")));
        tick();
    }

    @Override
    public void show(Event event) {
        events++;
        String source = EventText.source(event);
        if (devices.size() < MOST_DEVICES) {
            devices.add(source);
        }
        terminal.line(cut(String.format(
                ROW,
                TIME.format(event.enqueuedTime()),
                source.length() <= DEVICE_WIDTH ? source : source.substring(0, DEVICE_WIDTH - 1) + "…",
                event.partition() + "/" + event.sequenceNumber(),
                EventText.content(event).replaceAll("\\p{Cntrl}", "?")))); // a body must not steer the terminal
    }

    @Override
    public void tick() {
        terminal.status(total() + "; Ctrl-C ends it");
    }

    @Override
    public void close() {
        terminal.status("");
        terminal.note(total());
    }

    private String total() {
        double seconds = Math.max(1, Duration.between(begun, clock.instant()).toMillis() / 1000.0);
        return String.format(
                Locale.ROOT,
                "%d events of %d%s devices, %.1f a second",
                events,
                devices.size(),
                devices.size() < MOST_DEVICES ? "" : " or more",
                events / seconds);
    }

    private String cut(String line) {
        return line.length() <= terminal.width() ? line : line.substring(0, terminal.width() - 1) + "…";
    }
}
