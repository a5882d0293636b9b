package io.hubwire.cli.backend;

import io.hubwire.auth.SymmetricKey;
import io.hubwire.service.Authentication;
import io.hubwire.service.Device;
import io.hubwire.service.Module;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** An identity in words, with its keys: whoever may read the registry may see them. */
public final class IdentityText {
    private IdentityText() {}

    /** One line a property, as the tutorial prints them. */
    public static List<String> lines(Device device) {
        List<String> lines = new ArrayList<>();
        lines.add(line("device id", device.id().value()));
        addKeys(lines, device.authentication());
        lines.add(line("connection state", device.isConnected() ? "connected" : "disconnected"));
        lines.add(line("status", status(device)));
        lines.add(line(
                "last activity",
                device.lastActivityTime().map(Instant::toString).orElse("never")));
        lines.add(line("C2D messages", Integer.toString(device.cloudToDeviceMessageCount())));
        lines.add(line("edge", device.isEdge() ? "yes" : "no"));
        lines.add(line("authentication", authentication(device.authentication())));
        return lines;
    }

    /** As for a device; a module has no status and no queue of its own. */
    static List<String> lines(Module module, @Nullable String connectionString) {
        List<String> lines = new ArrayList<>();
        lines.add(line("device id", module.identity().deviceId()));
        lines.add(line("module id", module.identity().moduleId().orElse("")));
        addKeys(lines, module.authentication());
        if (connectionString != null) {
            lines.add(line("connection string", connectionString));
        }
        lines.add(line("connection state", module.isConnected() ? "connected" : "disconnected"));
        lines.add(line(
                "last activity",
                module.lastActivityTime().map(Instant::toString).orElse("never")));
        module.managedBy().filter(who -> !who.isEmpty()).ifPresent(who -> lines.add(line("managed by", who)));
        lines.add(line("authentication", authentication(module.authentication())));
        return lines;
    }

    private static void addKeys(List<String> lines, Authentication authentication) {
        if (authentication instanceof Authentication.Sas sas) {
            SymmetricKey primary = sas.primary();
            SymmetricKey secondary = sas.secondary();
            lines.add(line("primary key", primary == null ? "none" : primary.base64()));
            lines.add(line("secondary key", secondary == null ? "none" : secondary.base64()));
        }
        if (authentication instanceof Authentication.SelfSigned prints) {
            lines.add(line("thumbprint", prints.primary()));
            if (prints.secondary() != null) {
                lines.add(line("second thumbprint", prints.secondary()));
            }
        }
    }

    static String status(Device device) {
        String word = device.status().name().toLowerCase(Locale.ROOT);
        return device.statusReason().map(reason -> word + " (" + reason + ")").orElse(word);
    }

    /** The wire's word for a kind of authentication. */
    public static String authentication(Authentication authentication) {
        if (authentication instanceof Authentication.Sas) {
            return "sas";
        } else if (authentication instanceof Authentication.SelfSigned) {
            return "selfSigned";
        } else if (authentication instanceof Authentication.CertificateAuthority) {
            return "certificateAuthority";
        } else if (authentication instanceof Authentication.Unknown unknown) {
            return unknown.type();
        }
        return "none";
    }

    private static String line(String name, String value) {
        return String.format("%-18s%s", name, value);
    }
}
