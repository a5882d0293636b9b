package io.hubwire.cli.backend;

import io.hubwire.auth.SymmetricKey;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.service.Authentication;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a device or module shall prove who it is. */
final class AuthenticationChoice {
    @Option(names = "--primary-key", paramLabel = "BASE64", description = "16 to 64 bytes.")
    private @Nullable String primaryKey;

    @Option(names = "--secondary-key", paramLabel = "BASE64", description = "16 to 64 bytes.")
    private @Nullable String secondaryKey;

    @Option(
            names = "--x509-thumbprint",
            paramLabel = "HEX",
            split = ",",
            description = "SHA-1 or SHA-256 of a self-signed certificate; a second one after a comma.")
    private @Nullable List<String> thumbprints;

    @Option(names = "--x509-ca", description = "A certificate signed by an authority the hub knows.")
    private boolean x509Ca;

    /** Empty when nothing was said: the hub makes keys for a new identity, and keeps what an old one has. */
    Optional<Authentication> chosen() {
        boolean keys = primaryKey != null || secondaryKey != null;
        if ((keys ? 1 : 0) + (thumbprints != null ? 1 : 0) + (x509Ca ? 1 : 0) > 1) {
            throw new InvalidInputException("keys, --x509-thumbprint and --x509-ca exclude each other; give one kind");
        }
        if (thumbprints != null) {
            if (thumbprints.size() > 2) {
                throw new InvalidInputException(
                        "--x509-thumbprint has " + thumbprints.size() + " values; an identity has at most 2");
            }
            return Optional.of(new Authentication.SelfSigned(
                    thumbprints.get(0), thumbprints.size() > 1 ? thumbprints.get(1) : null));
        }
        if (x509Ca) {
            return Optional.of(Authentication.certificateAuthority());
        }
        if (!keys) {
            return Optional.empty();
        }
        if (primaryKey == null || secondaryKey == null) {
            throw new InvalidInputException("--primary-key and --secondary-key belong together; give both");
        }
        return Optional.of(
                new Authentication.Sas(SymmetricKey.ofBase64(primaryKey), SymmetricKey.ofBase64(secondaryKey)));
    }
}
