package io.hubwire.auth;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;

/** The throw-away PEM files; {@code make.sh} beside them made them. */
final class Pem {
    static final String PASSPHRASE = "open sesame";

    private Pem() {}

    static Path file(String name) {
        try {
            return Path.of(Objects.requireNonNull(Pem.class.getResource("/pem/" + name), name)
                    .toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
