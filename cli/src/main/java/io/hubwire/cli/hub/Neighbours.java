package io.hubwire.cli.hub;

import io.hubwire.localhub.LocalHub;
import io.hubwire.localhub.LocalHubOptions;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.TransportException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who else belongs to the hub: hubs its DPS may assign devices to, and authorities that sign devices' certificates. */
final class Neighbours {
    @Option(
            names = "--linked-hub",
            paramLabel = "HOST",
            description = "One more hub of this name, on free ports, to which DPS may assign devices; repeatable."
                    + " Keeps nothing.")
    private List<String> linked = new ArrayList<>();

    @Option(
            names = "--device-ca",
            paramLabel = "NAME=PEM",
            description = "An authority whose certificates let devices in: identities with --x509-ca, and enrollments"
                    + " with --ca-ref NAME; repeatable.")
    private Map<String, Path> authorities = new LinkedHashMap<>();

    /**
     * Starts and links the other hubs, and lets the authorities in.
     *
     * @param options of an empty hub with the same authority and keys
     * @return the other hubs; what was started is closed again when one cannot
     */
    List<LocalHub> settle(LocalHub hub, Supplier<LocalHubOptions.Builder> options) {
        List<LocalHub> others = new ArrayList<>();
        try {
            for (String host : linked) {
                LocalHub other = HubStart.start(options.get().host(host).build());
                others.add(other);
                try {
                    hub.link(other);
                } catch (IllegalArgumentException taken) {
                    throw new InvalidInputException(
                            "--linked-hub [" + host + "] is the name of a hub that is there already", taken);
                }
            }
            for (LocalHub each : with(hub, others)) {
                authorities.forEach((name, file) -> each.engine().authorities().put(name, certificate(file)));
            }
            return List.copyOf(others);
        } catch (RuntimeException e) {
            others.forEach(LocalHub::close);
            throw e;
        }
    }

    private static List<LocalHub> with(LocalHub hub, List<LocalHub> others) {
        List<LocalHub> all = new ArrayList<>(others);
        all.add(hub);
        return all;
    }

    private static X509Certificate certificate(@Nullable Path file) {
        if (file == null) {
            throw new InvalidInputException("--device-ca has no file; write NAME=PEM");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        } catch (CertificateException e) {
            throw new InvalidInputException("--device-ca [" + file + "] holds no certificate in PEM form", e);
        } catch (IOException e) {
            throw new TransportException(ErrorCode.STORAGE_FAILED, "--device-ca [" + file + "] cannot be read", e);
        }
    }
}
