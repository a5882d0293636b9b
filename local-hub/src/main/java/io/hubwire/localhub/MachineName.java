package io.hubwire.localhub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What this machine calls itself, without asking the network: the JDK's own way may send a DNS query. */
final class MachineName {
    private static final Pattern HOST_NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");

    private MachineName() {}

    /** @param environment of the process; Windows sets {@code COMPUTERNAME}, many shells {@code HOSTNAME} */
    static Optional<String> find(Map<String, String> environment) {
        return Stream.of(
                        Optional.ofNullable(environment.get("COMPUTERNAME")),
                        firstLine(Path.of("/proc/sys/kernel/hostname")),
                        firstLine(Path.of("/etc/hostname")),
                        Optional.ofNullable(environment.get("HOSTNAME")))
                .flatMap(Optional::stream)
                .filter(name -> HOST_NAME.matcher(name).matches())
                .findFirst();
    }

    private static Optional<String> firstLine(Path file) {
        try {
            return Files.isReadable(file) ? Files.readAllLines(file).stream().findFirst() : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // the next source may know
        }
    }
}
