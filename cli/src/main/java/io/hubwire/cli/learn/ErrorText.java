package io.hubwire.cli.learn;

import io.hubwire.cli.learn.Explained.Part;
import io.hubwire.cli.output.ExitCode;
import io.hubwire.protocol.DpsError;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Error numbers and names of hub and DPS. */
final class ErrorText {
    private ErrorText() {}

    /** Empty when the text is none. */
    static Optional<Explained> of(String text) {
        if (text.matches("[1-5]\\d{5}")) {
            int number = Integer.parseInt(text);
            List<Part> parts = new ArrayList<>();
            HubError.byNumber(number).ifPresent(error -> parts.addAll(parts(error)));
            DpsError.byNumber(number).ifPresent(error -> parts.addAll(parts(error)));
            return parts.isEmpty() ? Optional.empty() : Optional.of(Explained.sound("error code", parts));
        }
        return HubError.byName(text)
                .map(error -> Explained.sound("error name", parts(error)))
                .or(() -> ours(text));
    }

    private static Optional<Explained> ours(String text) {
        for (ErrorCode code : ErrorCode.values()) {
            if (code.name().equals(text)) {
                return Optional.of(Explained.sound("error code of hubwire", List.of(new Part(text, meaning(code)))));
            }
        }
        return Optional.empty();
    }

    private static List<Part> parts(HubError error) {
        return List.of(
                new Part(Integer.toString(error.number()), "IoT Hub: " + error.wireName()),
                new Part(Integer.toString(error.httpStatus()), "HTTP status it comes with"),
                new Part(error.code().name(), meaning(error.code())));
    }

    private static List<Part> parts(DpsError error) {
        return List.of(
                new Part(
                        Integer.toString(error.number()),
                        "DPS: " + error.name().toLowerCase(Locale.ROOT).replace('_', ' ')),
                new Part(Integer.toString(error.httpStatus()), "HTTP status it comes with"));
    }

    private static String meaning(ErrorCode code) {
        return (code.retryable() ? "may pass: worth another try later" : "does not pass by itself") + "; exit code "
                + ExitCode.of(code).code() + ", " + ExitCode.of(code).meaning();
    }
}
