package io.hubwire.container;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a broker's log says about an extension that did not start. The broker itself starts all the same, without it.
 * Source: the log statements of HiveMQ CE 2025.5, {@code HiveMQExtensions} and {@code ExtensionLoaderImpl}.
 */
final class StartFailure {
    /** A complaint of the broker's about our extension, at whatever level. */
    private static final Pattern COMPLAINT = Pattern.compile(
            " - (.*xtension (?:with id )?\"?" + ExtensionArchive.FOLDER + "[\" .].*(?:disabled|cannot|ignor).*)");

    private static final Pattern REASON =
            Pattern.compile("prevented by the extension itself, reason: (.*)\\. Extension will be disabled\\.$");
    /** A throwable's class and message, as the line below a complaint shows it. */
    private static final Pattern THROWN = Pattern.compile("[\\w$.]+(?:Exception|Error)(?:: .*)?");

    private static final Pattern EXTENSION_STARTED = Pattern.compile("Extension \"Hubwire.*\" version .* started");
    private static final Pattern BROKER_STARTED = Pattern.compile("Started HiveMQ in");

    private StartFailure() {}

    /** @return the reason, in the extension's own words where it gave some; empty when it has not failed so far */
    static Optional<String> in(String log) {
        List<String> lines = log.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            Matcher complaint = COMPLAINT.matcher(lines.get(i));
            if (complaint.find()) {
                Matcher reason = REASON.matcher(complaint.group(1));
                if (reason.find()) {
                    return Optional.of(reason.group(1));
                }
                boolean thrown =
                        i + 1 < lines.size() && THROWN.matcher(lines.get(i + 1)).matches();
                return Optional.of(complaint.group(1) + (thrown ? " " + lines.get(i + 1) : ""));
            }
        }
        if (BROKER_STARTED.matcher(log).find()
                && !EXTENSION_STARTED.matcher(log).find()) {
            return Optional.of("the broker has started without the extension, and its log does not say why");
        }
        return Optional.empty();
    }
}
