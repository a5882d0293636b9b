package io.hubwire.cli.dps;

import io.hubwire.auth.SymmetricKey;
import io.hubwire.dps.AttestationMechanism;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.TransportException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the devices of an enrollment shall prove who they are; by keys that DPS makes unless something is said. */
final class AttestationChoice {
    @Option(names = "--primary-key", paramLabel = "BASE64", description = "16 to 64 bytes.")
    private @Nullable String primaryKey;

    @Option(names = "--secondary-key", paramLabel = "BASE64", description = "16 to 64 bytes.")
    private @Nullable String secondaryKey;

    @Option(names = "--cert", paramLabel = "PEM", description = "The device's certificate; of single devices.")
    private List<Path> certificates = new ArrayList<>();

    @Option(
            names = "--ca-cert",
            paramLabel = "PEM",
            description = "The authority that signed the devices' certificates; of groups. A second one may follow.")
    private List<Path> authorities = new ArrayList<>();

    @Option(
            names = "--ca-ref",
            paramLabel = "NAME",
            description = "An authority that DPS knows by name, see hub start --device-ca. A second one may follow.")
    private List<String> references = new ArrayList<>();

    @Option(names = "--endorsement-key", paramLabel = "BASE64", description = "Of the device's chip (TPM).")
    private @Nullable String endorsementKey;

    /** @throws InvalidInputException when there is more than one kind, or one that does not go with groups or devices */
    AttestationMechanism chosen(boolean group) {
        boolean keys = primaryKey != null || secondaryKey != null;
        int kinds = (keys ? 1 : 0)
                + (certificates.isEmpty() ? 0 : 1)
                + (authorities.isEmpty() ? 0 : 1)
                + (references.isEmpty() ? 0 : 1)
                + (endorsementKey == null ? 0 : 1);
        if (kinds > 1) {
            throw new InvalidInputException(
                    "keys, --cert, --ca-cert, --ca-ref and --endorsement-key exclude each other; give one kind");
        }
        if (!certificates.isEmpty()) {
            refuse(group, "--cert is for single devices; a group goes by --ca-cert or --ca-ref");
            return new AttestationMechanism.ClientCertificates(
                    pem("--cert", certificates, 0), second("--cert", certificates));
        }
        if (!authorities.isEmpty()) {
            refuse(!group, "--ca-cert is for groups; a single device goes by --cert or --ca-ref");
            return new AttestationMechanism.SigningCertificates(
                    pem("--ca-cert", authorities, 0), second("--ca-cert", authorities));
        }
        if (!references.isEmpty()) {
            return new AttestationMechanism.CaReferences(
                    references.get(0), references.size() > 1 ? references.get(1) : null);
        }
        if (endorsementKey != null) {
            refuse(group, "--endorsement-key is for single devices; a chip is no group");
            return new AttestationMechanism.TpmKeys(endorsementKey, null);
        }
        return new AttestationMechanism.SymmetricKeys(key(primaryKey), key(secondaryKey));
    }

    private static void refuse(boolean condition, String rule) {
        if (condition) {
            throw new InvalidInputException(rule);
        }
    }

    private static @Nullable String second(String option, List<Path> files) {
        return files.size() > 1 ? pem(option, files, 1) : null;
    }

    private static String pem(String option, List<Path> files, int index) {
        if (files.size() > 2) {
            throw new InvalidInputException(option + " was given " + files.size() + " times; at most 2 are allowed");
        }
        Path file = files.get(index);
        String text;
        try {
            text = Files.readString(file, StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new TransportException(ErrorCode.STORAGE_FAILED, option + " [" + file + "] cannot be read", e);
        }
        if (!text.contains("-----BEGIN CERTIFICATE-----")) {
            throw new InvalidInputException(
                    option + " [" + file + "] holds no certificate; it must have a line BEGIN CERTIFICATE");
        }
        return text;
    }

    private static @Nullable SymmetricKey key(@Nullable String base64) {
        return base64 == null ? null : SymmetricKey.ofBase64(base64);
    }
}
