package io.hubwire.cli.learn;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.cli.output.ExitCode;
import io.hubwire.cli.output.Failure;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.TransportException;
import io.hubwire.protocol.json.Json;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs checks one after another and keeps what they found. A check goes on after another failed: two causes are two lines. */
final class CheckUp {
    /**
     * What one check found.
     *
     * @param name short and fixed, for programs
     * @param detail one phrase
     * @param exit what the command ends with if this is the first that failed
     */
    record Finding(String name, boolean ok, long millis, String detail, ExitCode exit) {}

    private final Clock clock;
    private final Consumer<Finding> witness;
    private final List<Finding> findings = new ArrayList<>();

    /** @param witness told of each finding as it is made */
    CheckUp(Clock clock, Consumer<Finding> witness) {
        this.clock = clock;
        this.witness = witness;
    }

    /** @param look returns what it found, or throws */
    void check(String name, Callable<String> look) throws InterruptedException {
        Instant start = clock.instant();
        Finding finding;
        try {
            finding = found(name, start, look.call(), null);
        } catch (HubwireException e) {
            finding = found(name, start, Failure.of(e).line().replaceFirst("hubwire: ", ""), e.code());
        } catch (IOException e) {
            finding = found(name, start, String.valueOf(e.getMessage()), ErrorCode.UNREACHABLE);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new TransportException(ErrorCode.SERVER_ERROR, "check [" + name + "] ended with " + e, e);
        }
        findings.add(finding);
        witness.accept(finding);
    }

    private Finding found(String name, Instant start, String detail, @Nullable ErrorCode error) {
        long millis = Duration.between(start, clock.instant()).toMillis();
        return new Finding(name, error == null, millis, detail, error == null ? ExitCode.DONE : ExitCode.of(error));
    }

    /** Of the first check that failed. */
    ExitCode exit() {
        return findings.stream()
                .filter(finding -> !finding.ok())
                .map(Finding::exit)
                .findFirst()
                .orElse(ExitCode.DONE);
    }

    /** {@code {"checks":[{"name","ok","millis","detail"}],"ok"}}. */
    ObjectNode json() {
        ObjectNode document = Json.object();
        ArrayNode checks = document.putArray("checks");
        findings.forEach(finding -> checks.addObject()
                .put("name", finding.name())
                .put("ok", finding.ok())
                .put("millis", finding.millis())
                .put("detail", finding.detail()));
        return document.put("ok", exit() == ExitCode.DONE);
    }
}
