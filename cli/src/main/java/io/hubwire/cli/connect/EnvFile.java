package io.hubwire.cli.connect;

import io.hubwire.cli.output.OwnerOnlyFile;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.TransportException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file a running local hub leaves for other programs: lines {@code NAME='value'} that a shell can source. Written
 * atomically once every endpoint answers, readable by the owner only, removed on exit.
 */
public record EnvFile(Path path, Map<String, String> values) {
    /** Where it is unless {@code HUBWIRE_ENV_FILE} says otherwise. */
    public static Path defaultPath(Map<String, String> environment, Path userHome) {
        String named = environment.get("HUBWIRE_ENV_FILE");
        return named != null && !named.isBlank() ? Path.of(named) : userHome.resolve(".hubwire/local.env");
    }

    private static final Pattern LINE = Pattern.compile("(?:export\\s+)?([A-Z_][A-Z0-9_]*)='([^']*)'");

    public EnvFile {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /**
     * Reads a file if it is there.
     *
     * @throws InvalidInputException when a line is not {@code NAME='value'}; names file and line number, not the value
     */
    public static Optional<EnvFile> read(Path path) {
        List<String> lines;
        try {
            lines = Files.readAllLines(path, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new TransportException(ErrorCode.STORAGE_FAILED, "env file [" + path + "] cannot be read", e);
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            Matcher m = LINE.matcher(line);
            if (!m.matches()) {
                throw new InvalidInputException(
                        "env file [" + path + "] line " + (i + 1) + " is not of the form NAME='value'");
            }
            values.put(m.group(1), m.group(2));
        }
        return Optional.of(new EnvFile(path, values));
    }

    /** The value, or empty when there is none or it is blank. */
    public Optional<String> get(String name) {
        return Optional.ofNullable(values.get(name)).filter(v -> !v.isBlank());
    }

    /** Writes beside the target and moves it there, so that a reader never sees half a file. */
    public void write() {
        try {
            StringBuilder text = new StringBuilder("# a running hubwire local hub; removed when it stops\n");
            values.forEach((k, v) -> text.append(k).append("='").append(v).append("'\n"));
            OwnerOnlyFile.write(path, out -> out.write(text.toString()));
        } catch (IOException e) {
            throw new TransportException(ErrorCode.STORAGE_FAILED, "env file [" + path + "] cannot be written", e);
        }
    }

    /** Removes the file if it is still the one of this process; a hub started later keeps its own. */
    public void removeIfOwnedBy(String pid) {
        boolean ours = read(path)
                .flatMap(f -> f.get("HUBWIRE_PID"))
                .filter(pid::equals)
                .isPresent();
        if (ours) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException e) {
                throw new TransportException(ErrorCode.STORAGE_FAILED, "env file [" + path + "] cannot be removed", e);
            }
        }
    }
}
